import { writeXlsx } from 'hucre/xlsx'
import type { Day } from '../../platform/clock.ts'
import { mediaTypes } from '../../platform/files/media-types.ts'
import type { Language } from '../../platform/i18n.ts'
import type { HeldFact } from './held.server.ts'
import { factShown, labelOf } from './held-wording.ts'
import { rightsWords } from './rights.messages.ts'

export type HeldFormat = 'json' | 'xlsx'
type Asked = { name: string; today: Day; language: Language; timeZone: string }

/** Everything held about the viewer as a file of their own to keep: JSON for machines, XLSX for people. */
export async function heldFile(facts: HeldFact[], format: HeldFormat, asked: Asked): Promise<{ bytes: Uint8Array; contentType: string; fileName: string }> {
  const fileName = `thong-suot-${asked.today}.${format}`
  if (format === 'json') return { bytes: new TextEncoder().encode(JSON.stringify(heldJson(facts, asked), null, 2)), contentType: 'application/json; charset=utf-8', fileName }
  return { bytes: await workbook(facts, asked), contentType: mediaTypes.xlsx, fileName }
}

/** The facts by themselves, each with its words. */
export function heldJson(facts: HeldFact[], { name, today, language, timeZone }: Asked) {
  return {
    person: name,
    asOf: today,
    facts: facts.map((fact) => ({ ...fact, recordedAt: fact.recordedAt?.toISOString() ?? null, label: labelOf(fact.item, language), value: factShown(fact, language, timeZone).value })),
  }
}

async function workbook(facts: HeldFact[], { name, language, timeZone }: Asked): Promise<Uint8Array> {
  const t = rightsWords.in(language)
  const rows = facts.map((fact) => {
    const { label, value, when, entered } = factShown(fact, language, timeZone)
    return [label, value, when, entered].map(clean)
  })
  return writeXlsx({
    sheets: [
      {
        name: t('held.sheet'),
        columns: [26, 80, 28, 48].map((width) => ({ width })),
        rows: [[clean(`${t('held.title')}: ${name}`), null, null, null], [t('held.fact'), t('held.value'), t('held.when'), t('held.entered')], ...rows],
      },
    ],
    properties: { title: clean(t('held.title')) },
    defaultFont: { name: 'Times New Roman', size: 12 },
  })
}

// Sheets are XML: control characters would make the whole workbook unreadable.
function clean(text: string): string {
  return text.normalize('NFC').toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
}
