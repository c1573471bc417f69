/** A backup read from its beginning: a line, or the rows of a table after its `copy` line. */
export type Lines = {
  /** The next line without its end; null when there is none. */
  next(): Promise<string | null>
  /** The rows up to the line `\.`, which is taken too; ends also where the text ends. */
  rows(): AsyncGenerator<Buffer>
}

const newLine = 0x0a
const endOfRows = Buffer.from('\n\\.\n')

/** Reads lines and rows off a stream of bytes. Rows are handed on in large pieces: only their end is looked for. */
export function openLines(source: AsyncIterable<Uint8Array>): Lines {
  const chunks = source[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)

  /** Adds what comes until there is an end of a line in it; false at the end of the text. A row may be as long as a file: it is put together once. */
  async function readOn(): Promise<boolean> {
    const pieces: Buffer[] = [rest]
    for (;;) {
      const { value, done } = await chunks.next()
      if (!done) pieces.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength))
      if (done && pieces.length === 1) return false
      if (!done && !value.includes(newLine)) continue
      rest = Buffer.concat(pieces)
      return true
    }
  }

  async function next(): Promise<string | null> {
    for (;;) {
      const end = rest.indexOf(newLine)
      if (end >= 0) {
        const line = rest.toString('utf8', 0, end)
        rest = rest.subarray(end + 1)
        return line
      }
      if (!(await readOn())) return null
    }
  }

  async function* rows(): AsyncGenerator<Buffer> {
    for (;;) {
      // `rest` begins with a line here.
      const isOver = rest.subarray(0, 3).equals(endOfRows.subarray(1))
      const end = isOver ? 0 : rest.indexOf(endOfRows) + 1
      if (isOver || end > 0) {
        const last = rest.subarray(0, end)
        rest = rest.subarray(end + 3)
        if (last.length > 0) yield last
        return
      }
      // Whole lines only, and not the last of them: it may be the beginning of the end.
      const whole = rest.lastIndexOf(newLine) + 1
      if (whole > 0) {
        yield rest.subarray(0, whole)
        rest = rest.subarray(whole)
      }
      if (!(await readOn())) return
    }
  }

  return { next, rows }
}
