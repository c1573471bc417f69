import { readings } from './encodings.ts'

/** The text of a CSV file: UTF-8 or UTF-16 with or without its mark, Windows-1258, or bytes of an old code page left as they are; null for no text. */
export function csvText(file: Uint8Array): string | null {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode('utf-16le', bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode('utf-16be', bytes)
  const zeros = [0, 1].map((side) => bytes.subarray(0, 4000).filter((byte, at) => at % 2 === side && byte === 0).length)
  const sampled = Math.min(bytes.length, 4000) / 2
  if (zeros[1]! > sampled / 4 && zeros[0]! < sampled / 20) return decode('utf-16le', bytes)
  if (zeros[0]! > sampled / 4 && zeros[1]! < sampled / 20) return decode('utf-16be', bytes)
  if (bytes.includes(0)) return null
  try {
    return clean(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return clean(oldText(bytes))
  }
}

/** Windows-1258 where that makes Vietnamese of it; else Latin-1, out of which TCVN3 and VNI are read cell by cell. */
function oldText(bytes: Buffer): string {
  const windows = new TextDecoder('windows-1258').decode(bytes).normalize('NFC')
  const latin = bytes.toString('latin1')
  const score = (text: string, way: 'unicode' | 'old') =>
    text.slice(0, 50_000).split(/[,;\t\r\n"]+/).filter((cell) => /[^\x20-\x7e]/.test(cell)).map(readings).filter((ways) => (way === 'unicode' ? ways.has('unicode') : ways.has('tcvn3') || ways.has('vni'))).length
  return score(windows, 'unicode') > score(latin, 'old') ? windows : latin
}

function decode(encoding: string, bytes: Buffer): string | null {
  return clean(new TextDecoder(encoding).decode(bytes))
}

/** Null for what no sheet holds: signs that only a program's file has. */
function clean(text: string): string | null {
  const odd = text.slice(0, 20_000).match(/[\u0000-\u0008\u000e-\u001f]/g)?.length ?? 0
  return odd > 4 || /^(?:%PDF-|\{\\rtf|<!doctype|<html)/i.test(text.trimStart().slice(0, 20)) ? null : text.replace(/^\ufeff/, '')
}
