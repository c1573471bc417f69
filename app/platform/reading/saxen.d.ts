/** The little of saxen that the readers use; the package brings no types. */
declare module 'saxen' {
  type Decode = (text: string) => string
  export class Parser {
    on(event: 'openTag', listener: (name: string, attributes: () => Record<string, string | boolean>, decode: Decode, isSelfClosing: boolean) => void): this
    on(event: 'closeTag', listener: (name: string, decode: Decode, isSelfClosing: boolean) => void): this
    on(event: 'text', listener: (value: string, decode: Decode) => void): this
    on(event: 'cdata', listener: (value: string) => void): this
    on(event: 'error', listener: (error: Error) => void): this
    parse(xml: string): void
  }
}
