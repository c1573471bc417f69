type Value = string | number | boolean | null
export type Table = { name: string; columns: string[]; rows: Value[][] }

/** Collects rows by table; every row of a table names the same columns in the same order. */
export function openTables() {
  const tables = new Map<string, Table>()
  return {
    add(name: string, row: Record<string, Value>): void {
      let table = tables.get(name)
      if (!table) tables.set(name, (table = { name, columns: Object.keys(row), rows: [] }))
      table.rows.push(Object.values(row))
    },
    all: (): Table[] => [...tables.values()],
  }
}

const special = /[\\\t\n\r]/
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** One row in the text form of COPY. */
export function copyLine(row: Value[]): string {
  return `${row.map((value) => (value === null ? '\\N' : typeof value === 'string' && special.test(value) ? value.replace(/[\\\t\n\r]/g, (found) => escapes[found]!) : String(value))).join('\t')}\n`
}
