import type { Signature } from './official-document.ts'

type Unit = { kind: string; name: string }

/** In whose name the head of such a unit signs, and as what. */
export function signatureOf(unit: Unit): Omit<Signature, 'name'> {
  if (isCell(unit)) return { authority: ['T/M CHI BỘ'], position: 'BÍ THƯ' }
  switch (unit.kind) {
    case 'base_organisation':
      return { authority: ['T/M ĐẢNG ỦY'], position: 'BÍ THƯ' }
    case 'caucus':
      return { authority: [`T/M ${/^ban cán sự/iu.test(unit.name) ? 'BAN CÁN SỰ ĐẢNG' : 'ĐẢNG ĐOÀN'}`], position: 'BÍ THƯ' }
    case 'commission':
      return /^ủy ban/iu.test(unit.name) ? { authority: ['T/M ỦY BAN KIỂM TRA'], position: 'CHỦ NHIỆM' } : { authority: [], position: 'TRƯỞNG BAN' }
    case 'partner':
      return { authority: [], position: 'THỦ TRƯỞNG ĐƠN VỊ' }
    default:
      return { authority: ['T/M BAN THƯỜNG VỤ'], position: 'BÍ THƯ' }
  }
}

/** The body printed above the issuing one; null for a city committee and where nothing stands above. */
export function superiorBodyOf(unit: Unit, superior: { name: string; organisationName: string | null } | null | undefined): string | null {
  return unit.kind === 'city_committee' || !superior ? null : (superior.organisationName ?? superior.name)
}

/** The committee whose office keeps the unit's documents, "Thành ủy"; null where there is no such office. */
export function committeeKept(unit: Unit): string | null {
  return isCell(unit) ? null : (/^(thành|tỉnh|quận|huyện|thị|đảng) ủy/iu.exec(unit.name.normalize('NFC'))?.[0] ?? null)
}

// A base organisation may be a single cell.
const isCell = (unit: Unit) => unit.kind === 'cell' || /^chi bộ/iu.test(unit.name)
