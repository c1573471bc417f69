import type { Language } from '../../platform/i18n.ts'
import { dutyWords } from './duties.messages.ts'
import type { Urged, UrgedFor } from './urges.server.ts'

/** "Quận ủy Ninh Kiều (Bùi Minh Đức) đôn đốc: 2 việc chưa xong, 1 quá hạn. Gửi trước 30/6." */
export function sayUrged({ by, byUnitName, note, owed }: Urged & { note: string | null; owed: UrgedFor }, language: Language): string {
  const t = dutyWords.in(language)
  const about = [
    owed.open > 0 && t('urged.open', { count: owed.open }),
    owed.late > 0 && t('urged.late', { count: owed.late }),
    owed.beneathOpen > 0 && t('urged.beneath', { count: owed.beneathOpen }),
    owed.missing > 0 && t('urged.missing', { count: owed.missing }),
  ].filter(Boolean)
  return `${by ? t('urged.by', { unit: byUnitName, name: by }) : byUnitName} ${t('urged.did')}: ${about.join(', ')}.${note ? ` ${note}` : ''}`
}
