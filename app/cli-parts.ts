import { parseArgs } from 'node:util'

/** Something the caller can put right; said without a stack, with its exit code. */
export class Wrong extends Error {
  code: number
  constructor(message: string, code = 2) {
    super(message)
    this.code = code
  }
}

export type Options = ReturnType<typeof readOptions>['values']

/** Reads the command line; `help` is shown below what is wrong with it. */
export function readOptions(help: string) {
  try {
    const text = { type: 'string' } as const
    const flag = { type: 'boolean' } as const
    return parseArgs({
      allowPositionals: true,
      options: {
        data: text, demo: flag, help: { ...flag, short: 'h' },
        unit: text, 'as-of': text, format: text, resolution: text, output: { ...text, short: 'o' }, key: text, json: flag, lang: text,
        kind: text, code: text, organisation: text, symbol: text, place: text, name: text, username: text, role: text,
        as: text, 'dry-run': flag, template: flag,
        recipient: text, identity: text, 'new-key': text, 'without-files': flag,
      },
    })
  } catch (error) {
    throw new Wrong(`${(error as Error).message}\n\n${help}`)
  }
}

/** A sentence for whoever waits: standard output belongs to what commands print. */
export function tell(sentence: string): void {
  console.error(sentence)
}
