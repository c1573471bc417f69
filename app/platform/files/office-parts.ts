import type { Fault } from './inspect.ts'

const told = /instrText|fldSimple|ddeLink|hlinkClick|hlinkHover|hlinkMouseOver|event-listener|dde-connection-decl|dde-source|section-source|object-ole/
const wide = new RegExp(told.source.replace(/\w/g, '$&\\0'))

/** Whether a piece of a part, byte by byte, names anything by which opening a document, or pointing at it, starts something else. */
export const tellsOfPrograms = (piece: string) => told.test(piece) || wide.test(piece)

/**
 * What a part of an office file would have its program do when it is opened: fields and links that start another program (DDE),
 * buttons of slides that run one, macros that an event calls. Without reading XML as such: a part of millions of elements costs no time.
 */
export function runsWhenOpened(part: Buffer): Fault | null {
  const text = textOf(part)
  if (!told.test(text)) return null
  if (/<(?:[\w.-]+:)?(?:ddeLink|dde-connection-decl|dde-source)(?=[\s/>])/.test(text)) return 'starts'
  if (/<(?:[\w.-]+:)?event-listener(?=[\s/>])/.test(text)) return 'macros'
  if (attributes(text, 'action').some((action) => /^\s*ppaction:\/\/(?:program|macro)/i.test(action))) return 'starts'
  for (const [tag] of text.matchAll(/<(?:[\w.-]+:)?(?:section-source|object-ole)(?=[\s/>])[^>]*/g)) if (attributes(tag, 'href').some((address) => /^\s*(?:[a-z][a-z+.-]*:|\/\/|\\\\)/i.test(address))) return 'outsideTemplate'
  const fields = [instructions(text), ...attributes(text, 'instr')]
  if (fields.some((field) => /^\s*dde(?:auto)?(?![\p{L}\d])/imu.test(field) || /ddeauto/i.test(field.replace(/\s/g, '')))) return 'starts'
  return fields.some((field) => /^\s*(?:includetext|import)\s+"?\s*(?:[a-z][a-z+.-]+:|\\\\)/imu.test(field)) ? 'outsideTemplate' : null
}

function textOf(part: Buffer): string {
  const start = part.subarray(0, 2).toString('hex')
  const encoding = start === 'fffe' || start === '3c00' ? 'utf-16le' : start === 'feff' || start === '003c' ? 'utf-16be' : 'latin1' // names are plain letters
  return new TextDecoder(encoding).decode(part)
}

/** What the fields of a document say, run by run as Word puts it together, each field on a line of its own. */
function instructions(text: string): string {
  const written: string[] = []
  let from: number | null = null
  for (const { 0: tag, 1: slash, 2: name, index } of text.matchAll(/<(\/?)(?:[\w.-]+:)?(instrText|fldChar)(?=[\s/>])/g)) {
    if (from !== null) written.push(text.slice(from, index))
    from = null
    if (name === 'fldChar') written.push('\n')
    else if (slash === '') from = text.indexOf('>', index + tag.length) + 1 || null
  }
  return decoded(written.join('').replace(/<!\[CDATA\[|\]\]>|<!--[^>]*-->|<[^>]*>/g, ''))
}

function attributes(text: string, name: string): string[] {
  return Array.from(text.matchAll(new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g')), ([, one, other]) => decoded(one ?? other ?? ''))
}

const named: Record<string, string> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' }

function decoded(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|quot|apos|lt|gt));/gi, (_, hex?: string, decimal?: string, name?: string) =>
    name ? named[name.toLowerCase()]! : codePoint(hex ? parseInt(hex, 16) : Number(decimal)))
}

const codePoint = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : '')
