import type { ImportKind } from '../imports.schema.ts'
import { plain } from './values.ts'

/** What a column can be of; one that begins with `other` is recognised and left out. */
export type Field =
  | 'name' | 'family' | 'given' | 'card' | 'born' | 'bornMale' | 'bornFemale' | 'gender' | 'isMale' | 'isFemale' | 'phone'
  | 'unit' | 'unitCode' | 'above' | 'aboveCode' | 'since' | 'until' | 'status' | 'isProbationary' | 'isExempt' | 'reason' | 'category'
  | 'code' | 'unitName' | 'kind' | 'organisation' | 'symbol' | 'place' | 'role' | 'title'
  | 'order' | 'other'

// Headings without marks and signs, as offices write them; the whole heading must fit. First come the ones of two rows, joined by " > ".
const person: [Field, RegExp][] = [
  ['order', /^(?:stt|so tt|tt|so thu tu|no|stt chung|stt chi bo)$/],
  ['bornMale', /^(?:(?:ngay )?(?:thang )?(?:nam )?sinh|ngay thang nam sinh|tuoi|nam sinh gioi tinh) > nam$/],
  ['bornFemale', /^(?:(?:ngay )?(?:thang )?(?:nam )?sinh|ngay thang nam sinh|tuoi|nam sinh gioi tinh) > nu$/],
  ['isMale', /^(?:gioi tinh|gioi|phai) > nam$/],
  ['isFemale', /^(?:(?:gioi tinh|gioi|phai) > nu|nu)$/],
  ['family', /^(?:ho(?: va)?(?: ten)?(?: chu)? ?(?:dem|lot)|ho|(?:ho(?: va)? ten.* > )(?:ho|ho(?: va)?(?: chu)? ?(?:dem|lot)))$/],
  ['given', /^(?:ten|ten goi|(?:ho(?: va)? ten.* > )ten)$/],
  ['name', /^(?:ho(?: va)?(?: chu)?(?: dem)?(?: va)? ten(?: (?:khai sinh|dang vien|dv|day du|can bo|chu in hoa|viet chu in hoa|in hoa|nguoi giu chuc vu|cua dang vien))*|hoten|ten dang vien|dang vien|ho ten dv|full ?name|name|member(?: name)?)$/],
  ['card', /^(?:so (?:the|tdv|td v)(?: (?:dang|dang vien|dv|dang vien moi|moi))?|sothe|so tdv|the (?:dang|dang vien|dv)|(?:the dang(?: vien)? > so)|(?:so the.*|the dang.*) > so(?: the)?|ma (?:so )?(?:dang vien|dv)|so hieu the(?: dang vien)?|card(?: number| no| num)?|party card(?: number| no)?)$/],
  ['born', /^(?:(?:ngay|ngay thang|ngay thang nam|thang nam|nam|ng|ngay thg nam) ?sinh|sinh ngay|ngay sinh dd mm yyyy|ntns|n sinh|ng sinh|(?:date|day) of birth|birth ?da(?:y|te)|dob|born(?: on)?)$/],
  ['gender', /^(?:gioi tinh(?: nam nu)?|gioi|phai|nam nu|gt|gender|sex)$/],
  ['phone', /^(?:(?:so )?(?:dien thoai|d thoai|dt|sdt|dtdd|dt dd|di dong)(?: (?:di dong|lien he|lien lac|ca nhan|zalo))*|so dtdd|so dt|dt lien he|(?:mobile|phone)(?: (?:number|no))?)$/],
]
const place: [Field, RegExp][] = [
  ['unitCode', /^(?:ma (?:don vi|chi bo|to chuc(?: dang| co so dang)?|dv|tcd|cb)|unit ?code)$/],
  ['aboveCode', /^(?:ma (?:don vi )?cap tren|ma dang (?:bo|uy)|ma dv cap tren|parent ?code)$/],
  ['unit', /^(?:chi bo(?: (?:sinh hoat|dang sinh hoat|truc thuoc|hien nay|hien sinh hoat))?|ten chi bo|thuoc chi bo|don vi(?: sinh hoat| cong tac sinh hoat dang)?|to chuc(?: co so)? dang|tcd|(?:dang )?sinh hoat (?:tai|o)(?: chi bo)?|noi sinh hoat(?: dang)?|chi bo dang bo bo phan|unit|cell|party cell)$/],
  ['above', /^(?:dang bo|dang uy|dang bo (?:co so|xa|phuong|cap tren)|dang uy (?:co so|xa|phuong|cap tren)|truc thuoc(?: dang (?:bo|uy))?|to chuc dang cap tren|don vi cap tren|cap tren(?: truc tiep)?|thuoc dang (?:bo|uy)|parent(?: unit)?|unit above)$/],
]
const dated: [Field, RegExp][] = [
  ['since', /^(?:(?:sinh hoat )?tu ngay|sinh hoat (?:tai (?:chi bo|day) )?tu(?: ngay)?|ngay (?:ve|chuyen ve|chuyen den|den|ve chi bo|chuyen den chi bo|bat dau|bo nhiem|bau|giu chuc vu|thanh lap|nhan nhiem vu|tham gia chi bo|tham gia sinh hoat)|thanh lap(?: ngay| tu ngay)?|giu chuc vu tu(?: ngay)?|from|since|start(?: day| date)?)$/],
  ['until', /^(?:den ngay|den het ngay|ngay (?:ket thuc|thoi giu chuc vu|giai the)|until|to|end(?: day| date)?)$/],
]

const lists: Record<ImportKind, [Field, RegExp][]> = {
  members: [
    ...person, ...place, ...dated,
    ['status', /^(?:tinh trang(?: sinh hoat| dang vien)?|trang thai(?: sinh hoat)?|loai dang vien|dien(?: sinh hoat)?|hinh thuc sinh hoat|dang vien (?:chinh thuc|du bi) .*|chinh thuc du bi|ct db|status)$/],
    ['isProbationary', /^(?:du bi|dang vien du bi|dv du bi|(?:dang vien|tinh trang|loai dang vien|trong do) > (?:du bi|dv du bi))$/],
    ['isExempt', /^(?:mien(?: cong tac)?(?: va)?(?: sinh hoat)?(?: dang)?|duoc mien(?: sinh hoat| cong tac.*)?|mien sh|mien ct sh|exempt)$/],
    ['reason', /^(?:ly do(?: duoc)?(?: mien.*)?|mien vi|(?:exempt )?reason(?: of exemption)?)$/],
    ['category', /^(?:doi tuong(?: hoc)?|nhom doi tuong|category)$/],
  ],
  units: [
    ['order', /^(?:stt|so tt|tt|so thu tu|no)$/],
    ['code', /^(?:ma|ma (?:so|don vi|chi bo|to chuc(?: dang| co so dang)?|dv|tcd)|code|unit ?code)$/],
    ['aboveCode', /^(?:ma (?:don vi |to chuc (?:dang )?|dv )?cap tren|ma cap tren.*|parent ?code|code of the unit above)$/],
    ['above', /^(?:don vi cap tren(?: truc tiep)?|to chuc dang cap tren(?: truc tiep)?|cap tren(?: truc tiep)?|truc thuoc(?: (?:don vi|dang bo|dang uy|to chuc dang))?|thuoc dang (?:bo|uy)|dang (?:bo|uy) cap tren|parent(?: unit)?|unit above)$/],
    ['kind', /^(?:loai(?: hinh)?(?: (?:don vi|to chuc dang|to chuc|tcd))?|loai hinh tcd|cap(?: don vi)?|kind|type)$/],
    ['unitName', /^(?:ten(?: (?:don vi|to chuc(?: co so)? dang|tcd|chi bo|to chuc|chi bo dang bo|dang bo chi bo|cap uy))?|don vi|to chuc(?: co so)? dang|chi bo|name(?: of the unit)?|unit(?: name)?)$/],
    ['organisation', /^(?:ten (?:dang bo|dang bo do cap uy lanh dao|to chuc lanh dao)|dang bo|dang bo lanh dao|dang bo do cap uy lanh dao|organisation(?: name| it leads)?|organization(?: name)?)$/],
    ['symbol', /^(?:ky hieu(?: van ban)?|viet tat|symbol)$/],
    ['place', /^(?:dia danh(?: ban hanh)?|noi ban hanh|place)$/],
    ...dated,
  ],
  offices: [
    ...person, ...place, ...dated,
    ['title', /^(?:chuc danh(?: (?:day du|ghi tren van ban))?|ten chuc danh|chuc vu (?:day du|ghi tren van ban)|title)$/],
    ['role', /^(?:chuc vu(?: (?:dang|trong dang|dam nhiem|hien nay))?|vai tro|role|office|position)$/],
  ],
}

/** What each kind cannot do without; for the people of an office list a card number may stand for the name. */
export const keyFields: Record<ImportKind, Field[][]> = {
  members: [['name'], ['family', 'given'], ['family', 'name']],
  units: [['unitName']],
  offices: [['role', 'name'], ['role', 'family', 'given'], ['role', 'card']],
}

/** The field a heading names; `above` is the heading that spans it, '' for none. Null for one that nobody knows. */
export function fieldOf(kind: ImportKind, own: string, above: string): Field | null {
  // what our own files of remarks make of two rows
  const joined = above === '' ? /^(.+) \/ (.+)$/.exec(own) : null
  const [sub, top] = joined ? [cleanHeading(joined[2]!), cleanHeading(joined[1]!)] : [cleanHeading(own), cleanHeading(above)]
  const find = (heading: string) => lists[kind].find(([, pattern]) => pattern.test(heading))?.[0] ?? null
  if (top !== '' && sub !== '' && sub !== top) {
    const both = find(`${top} > ${sub}`)
    if (both) return both
    // "Ngày vào Đảng > Dự bị" is a day, not a state: the part below means something only where the part above is a mere group
    if (/^(?:ngay|the|trinh do|que|noi|chuc vu|ngay vao dang.*)(?: |$)/.test(top) || find(top)) return find(top) && !find(sub) && top !== 'don vi' ? find(top) : null
    return find(sub)
  }
  return find(sub || top)
}

/** "Ngày, tháng, năm sinh (dd/mm/yyyy) (*)" is "ngay thang nam sinh". */
function cleanHeading(text: string): string {
  return plain(text.replace(/\([^)]*\)|\[[^\]]*\]/g, ' ').replace(/\*/g, ' ')).replace(/^\d+ /, '') || plain(text)
}
