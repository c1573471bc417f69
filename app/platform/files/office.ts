import { Parser } from 'saxen'
import { fromBufferPromise, openPromise, type Entry, type ZipFile } from 'yauzl'
import type { Fault } from './inspect.ts'
import type { FileKind } from './media-types.ts'
import { isCompound, isExecutable, utf16 } from './first-bytes.ts'
import { runsWhenOpened, tellsOfPrograms } from './office-parts.ts'

const mostParts = 5000
const mostUnpacked = 300 * 1024 * 1024
const highestRatio = 250
const smallest = 1024 * 1024 // a part that unpacks to less is no bomb, however well it packs
const longestRead = 4 * 1024 * 1024 // of a part that is read here: the list of types, relationships
const longestLookedInto = 64 * 1024 * 1024

/**
 * An office file: a zip whose parts are what they say, with nothing in it that runs by itself. Every part is unpacked and counted as it
 * comes out, since a header may say anything; what it is, its first bytes say and not its name.
 */
export async function inspectOffice(path: string, size: number): Promise<{ kind: FileKind } | Fault> {
  const zip = await openPromise(path, options)
  try {
    return await within(zip, size, false)
  } finally {
    zip.close()
  }
}

const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: false }

/** A workbook inside a document is an office file in its turn; one inside that is not asked for. */
async function inspectEmbedded(content: Buffer): Promise<Fault | null> {
  const found = await within(await fromBufferPromise(content, options), content.length, true)
  return typeof found !== 'string' ? null : found === 'kind' ? 'packed' : found
}

async function within(zip: ZipFile, size: number, isEmbedded: boolean): Promise<{ kind: FileKind } | Fault> {
  if (zip.entryCount > mostParts) return 'bomb'
  const entries: Entry[] = []
  for await (const entry of zip.eachEntry()) entries.push(entry)
  const names = new Set(entries.map(({ fileName }) => fileName.toLowerCase()))
  if (names.size !== entries.length) return 'broken' // two parts of one name: each reader would take another
  if (entries.some((entry) => entry.isEncrypted())) return 'locked'
  if (entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0) > mostUnpacked) return 'bomb'
  // The first part begins the file, or something else stands before it; no two share their bytes.
  const places = entries.map(({ relativeOffsetOfLocalHeader: at, compressedSize }) => ({ at, end: at + 30 + compressedSize })).sort((one, other) => one.at - other.at)
  if (places[0]?.at !== 0) return 'twoKinds'
  if (places.some(({ end }, index) => end > (places[index + 1]?.at ?? size))) return 'bomb'
  if (entries.some(({ fileName }) => programs.test(fileName))) return 'executable'

  const parts = new Map<string, Buffer>()
  for (const entry of entries) {
    const isRead = entry.fileName === 'mimetype' || entry.fileName === '[Content_Types].xml' || entry.fileName === 'META-INF/manifest.xml' || isRelationships(entry.fileName)
    const content = await unpack(zip, entry, isRead)
    if (typeof content === 'string') return content
    if (isRead) parts.set(entry.fileName, content)
    else if (content.subarray(0, 4).equals(zipStart)) {
      const fault = isEmbedded ? 'packed' : await inspectEmbedded(content)
      if (fault) return fault
    } else {
      const fault = isCompound(content) ? oldObject(content) : runsWhenOpened(content)
      if (fault) return fault
    }
  }
  if (parts.has('mimetype')) return parts.has('[Content_Types].xml') ? 'twoKinds' : openDocument(parts, names)
  return openXml(parts, names)
}

const zipStart = Buffer.from('504b0304', 'hex')
const programs = /\.(exe|dll|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|lnk|jar|msi|cpl|reg|sh|so|dylib)$/i

/** Names of parts are the same in small and capital letters, and with letters written as %5F. */
function isRelationships(name: string): boolean {
  return /(^|\/)_rels\/[^/]*\.rels$/i.test(name.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16))))
}

/** An object of an older program inside a document: it may hold macros, or any file at all. */
function oldObject(content: Buffer): Fault | null {
  if (utf16(content, '_VBA_PROJECT')) return 'macros'
  return utf16(content, 'Ole10Native') ? 'packed' : null
}

/** What comes out, where it is to be read or may run when it is opened; nothing of a picture or a long sheet, which are only counted. */
async function unpack(zip: ZipFile, entry: Entry, isRead: boolean): Promise<Buffer | Fault> {
  const most = Math.min(isRead ? longestRead : mostUnpacked, Math.max(smallest, entry.compressedSize * highestRatio))
  const kept: Buffer[] = []
  let unpacked = 0
  let isKept = true
  let carried = ''
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    if (unpacked === 0 && isExecutable(chunk)) return 'executable'
    if (unpacked === 0) isKept = isRead || isLookedInto(chunk)
    unpacked += chunk.length
    if (unpacked > most) return 'bomb'
    if (isKept && !isRead && unpacked > longestLookedInto) {
      if (kept.some((piece) => tellsOfPrograms(piece.toString('latin1'))) || !isXml(kept[0] ?? chunk)) return 'bomb'
      isKept = false
      carried = kept.at(-1)?.toString('latin1').slice(-64) ?? ''
      kept.length = 0
    }
    if (isKept) kept.push(chunk)
    else if (carried) {
      const text = carried + chunk.toString('latin1')
      if (tellsOfPrograms(text)) return 'bomb'
      carried = text.slice(-64)
    }
  }
  return Buffer.concat(kept)
}

/** Its first bytes: text, an object of an older program, or a zip. */
const isLookedInto = (start: Buffer) => isXml(start) || isCompound(start) || start.subarray(0, 2).toString('latin1') === 'PK'
const isXml = (start: Buffer) => /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*</.test(start.subarray(0, 1024).toString('latin1'))

const main: Record<string, FileKind> = {
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml': 'pptx',
  'application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml': 'pptx',
}

function openXml(parts: Map<string, Buffer>, names: Set<string>): { kind: FileKind } | Fault {
  const list = parts.get('[Content_Types].xml')
  if (!list) return 'kind'
  const types: string[] = []
  walk(list, (name, attribute) => {
    if (name === 'Override' || name === 'Default') types.push((attribute('ContentType') ?? '').toLowerCase())
  })
  if ([...names].some((name) => /(^|\/)(vbaproject\.bin|vbadata\.xml)$|(^|\/)(macrosheets|dialogsheets|activex)\//.test(name))) return 'macros'
  if (types.some((type) => /macroenabled|vbaproject|vba(data)?\b|intlmacrosheet|macrosheet|activex/.test(type))) return 'macros'
  for (const [name, content] of parts) {
    if (isRelationships(name)) {
      const fault = reachesOut(content)
      if (fault) return fault
    }
  }
  const kind = types.map((type) => main[type]).find(Boolean)
  return kind ? { kind } : 'kind'
}

/** Whether opening the document would load, from elsewhere, what may carry a program: a template or an embedded part. */
function reachesOut(rels: Buffer): Fault | null {
  let fault: Fault | null = null
  walk(rels, (name, attribute) => {
    if (name !== 'Relationship') return
    const kind = (attribute('Type') ?? '').split('/').at(-1)!.toLowerCase()
    const isOutside = attribute('TargetMode')?.toLowerCase() === 'external'
    const target = attribute('Target') ?? ''
    const isOwnDisk = /^(file:\/{2,3})?[a-z]:[\\/]|^[^:\\/]+$/i.test(target) // Word writes where its user's template lies
    if (kind.startsWith('vba') || kind === 'xlmacrosheet' || kind === 'xlintlmacrosheet') fault = 'macros'
    if (kind === 'afchunk' && !isOutside) fault ??= 'packed' // a page or a text of another program that Word takes in when it opens
    if (isOutside && (kind === 'attachedtemplate' ? !isOwnDisk : ['oleobject', 'frame', 'subdocument', 'afchunk', 'control', 'package'].includes(kind))) fault ??= 'outsideTemplate'
  })
  return fault
}

function openDocument(parts: Map<string, Buffer>, names: Set<string>): { kind: FileKind } | Fault {
  if (parts.get('mimetype')!.toString('latin1').trim() !== 'application/vnd.oasis.opendocument.text') return 'kind'
  if ([...names].some((name) => /^(basic|scripts)\/./.test(name))) return 'macros'
  let isLocked = false
  const manifest = parts.get('META-INF/manifest.xml')
  if (!manifest) return 'broken'
  walk(manifest, (name) => {
    if (name === 'encryption-data') isLocked = true
  })
  return isLocked ? 'locked' : { kind: 'odt' }
}

/** The elements of a piece of XML; names without prefixes. Throws when it is none. */
function walk(content: Buffer, element: (name: string, attribute: (name: string) => string | undefined) => void): void {
  const isWide = content.length >= 2 && [0xfffe, 0xfeff].includes(content.readUInt16BE())
  const text = new TextDecoder(isWide ? (content[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8', { fatal: true }).decode(content)
  const parser = new Parser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('openTag', (name, attributes, decode) => {
    const read = Object.fromEntries(Object.entries(attributes()).map(([key, value]) => [local(key), value]))
    element(local(name), (wanted) => {
      const value = read[wanted]
      return typeof value === 'string' ? decode(value) : undefined
    })
  })
  parser.parse(text)
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)
