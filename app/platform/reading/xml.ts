import { Parser } from 'saxen'
import { Refused } from '../errors.ts'
import { readingWords } from './reading.messages.ts'

/** What a reader of XML is told; names come without their prefix, which every program chooses for itself. */
export type Handlers = {
  open?: (name: string, attribute: (name: string) => string | undefined) => void
  close?: (name: string) => void
  text?: (value: string) => void
}

/** Walks through XML. Throws Refused('file') when it is none. Entities of a document's own are never expanded. */
export function walkXml(content: Buffer, { open, close, text }: Handlers): void {
  const parser = new Parser()
  const fail = () => {
    throw new Refused('file', readingWords.say('fileBroken'))
  }
  parser.on('error', fail)
  parser.on('openTag', (name, attributes, decode) => {
    let read: Record<string, string | boolean> | undefined
    open?.(local(name), (wanted) => {
      read ??= Object.fromEntries(Object.entries(attributes()).map(([key, value]) => [local(key), value]))
      const value = read[wanted]
      return typeof value === 'string' ? decode(value) : undefined
    })
  })
  parser.on('closeTag', (name) => close?.(local(name)))
  parser.on('text', (value, decode) => text?.(decode(value)))
  parser.on('cdata', (value) => text?.(value))
  parser.parse(decodeXml(content))
}

/** The name of the first element. */
export function rootOf(content: Buffer): string {
  return /<(?:[\w.-]+:)?([\w.-]+)[\s/>]/.exec(decodeXml(content.subarray(0, 4096)))?.[1] ?? ''
}

function decodeXml(content: Buffer): string {
  const isWide = (content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff)
  return new TextDecoder(isWide ? (content[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8').decode(content)
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

/** Targets of a part's relationships by id, resolved to names of parts; `kind` is the last step of their type. */
export function relationshipsOf(part: Buffer, folder: string): { id: string; kind: string; target: string }[] {
  const all: { id: string; kind: string; target: string }[] = []
  walkXml(part, {
    open: (name, attribute) => {
      if (name !== 'Relationship' || attribute('TargetMode') === 'External') return
      const target = attribute('Target') ?? ''
      all.push({ id: attribute('Id') ?? '', kind: (attribute('Type') ?? '').split('/').at(-1)!, target: resolve(folder, target) })
    },
  })
  return all
}

function resolve(folder: string, target: string): string {
  const steps = target.startsWith('/') ? [] : folder.split('/').filter(Boolean)
  for (const step of target.split('/')) {
    if (step === '..') steps.pop()
    else if (step && step !== '.') steps.push(step)
  }
  return steps.join('/')
}
