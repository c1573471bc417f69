import type { z } from 'zod'
import type { Day } from '../../../platform/clock.ts'
import { CardNumber, PersonName } from '../../people/people.schema.ts'
import type { ImportKind } from '../imports.schema.ts'
import type { Field } from './headings.ts'
import type { Found, FoundRow, Table } from './table.ts'
import { isTick, plain, readName, readPhone, readSheetDay, tidy, type Cell } from './values.ts'

/** What is wrong with a row: in which column, what stands there, which sentence says what to do. `values` fill that sentence. */
export type RowProblem = { key: string; column: string | null; value: string | null; values?: Record<string, string>; perhaps?: Perhaps[] }
/** Somebody whom the row may be about: whoever brought the list says. */
export type Perhaps = { id: string; name: string; bornOn: Day | null; cardNumber: string | null; isElsewhere: boolean }
/** What was put right, or left out, without anybody being asked. */
export type RowNote = 'nameMended' | 'phoneMended' | 'yearOnly' | 'converted' | 'kindFromName' | 'sinceKept'

/** How a row names a unit: by code, or by name and perhaps the name or code of the unit above. */
export type UnitNamed = { code?: string | undefined; name?: string | undefined; above?: string | undefined; aboveCode?: string | undefined; column: string | null }

/** A row as it was understood, whatever its kind; what it does not say is undefined. */
export type RowFields = {
  name?: string | undefined
  cardNumber?: string | undefined
  bornOn?: Day | undefined
  birthYear?: number | undefined
  gender?: 'female' | 'male' | undefined
  phone?: string | undefined
  unit?: UnitNamed | undefined
  since?: Day | undefined
  until?: Day | undefined
  status?: 'in_post' | 'exempt' | 'probationary' | undefined
  exemptReason?: string | undefined
  categoryKey?: string | undefined
  code?: string | undefined
  kind?: string | undefined
  organisationName?: string | undefined
  symbol?: string | undefined
  place?: string | undefined
  role?: string | undefined
  title?: string | undefined
  /** Said on the page of who could be one person or two. */
  decided?: { is?: string; not?: string[] } | undefined
}
export type ReadRow = { sheet: string; number: number; raw: Cell[]; fields: RowFields; columns: Partial<Record<Field, string>>; problems: RowProblem[]; notes: RowNote[] }

/** Understands every row of the tables. What cannot be understood is a problem of its row; nothing is guessed. */
export function readRows(kind: ImportKind, tables: Table[]): ReadRow[] {
  return tables.flatMap(({ rows }) => rows.map((row) => readers[kind](opened(row))))
}

type Opened = FoundRow & { problems: RowProblem[]; notes: RowNote[] }

function opened(row: FoundRow): Opened {
  const problems: RowProblem[] = []
  const isConverted = Object.values(row.cells).some((found) => found.from === 'tcvn3' || found.from === 'vni')
  for (const found of Object.values(row.cells)) if (found.from === null) problems.push({ key: 'encoding', column: found.letter, value: found.text })
  return { ...row, problems, notes: isConverted ? ['converted'] : [] }
}

function closed({ sheet, number, raw, cells, problems, notes }: Opened, fields: RowFields): ReadRow {
  const columns = Object.fromEntries(Object.entries(cells).map(([field, found]) => [field, found.letter])) as ReadRow['columns']
  return { sheet, number, raw, fields, columns, problems, notes }
}

const readers: Record<ImportKind, (row: Opened) => ReadRow> = { members: readMember, units: readUnit, offices: readOffice }

function readMember(row: Opened): ReadRow {
  const person = readPerson(row, true)
  const { status, exemptReason } = readStatus(row)
  return closed(row, { ...person, unit: readUnitNamed(row), since: dayOf(row, 'since'), status, exemptReason, categoryKey: readCode(row, 'category') })
}

function readOffice(row: Opened): ReadRow {
  const person = readPerson(row, false)
  const role = readChoice(row, 'role', roles, 'role')
  const title = textOf(row, 'title') ?? (row.cells.role && !isRoleItself(row.cells.role.text) ? row.cells.role.text : undefined)
  const [since, until] = [dayOf(row, 'since'), dayOf(row, 'until')]
  if (since && until && until < since) row.problems.push(problem(row, 'until', 'untilBeforeFrom'))
  return closed(row, { ...person, unit: readUnitNamed(row), role, title, since, until })
}

function readUnit(row: Opened): ReadRow {
  const { cells, problems, notes } = row
  const name = textOf(row, 'unitName')
  if (!name) problems.push({ key: 'nameMissing', column: null, value: null })
  else if (name.length > 300) problems.push(problem(row, 'unitName', 'tooLong'))
  let kind = readChoice(row, 'kind', unitKinds, 'kind')
  if (!cells.kind && name) {
    kind = unitKinds.find(([, , byName]) => byName?.test(plain(name)))?.[0]
    if (kind) notes.push('kindFromName')
  }
  const above = textOf(row, 'above')
  const aboveCode = readCode(row, 'aboveCode') ?? (above && isCode(above) ? above : undefined)
  const unit: UnitNamed | undefined = above || aboveCode ? { code: aboveCode, name: aboveCode === above ? undefined : above, column: (cells.aboveCode ?? cells.above)!.letter } : undefined
  const [since, until] = [dayOf(row, 'since'), dayOf(row, 'until')]
  const symbol = textOf(row, 'symbol')
  if (symbol && symbol.length > 20) problems.push(problem(row, 'symbol', 'tooLong'))
  return closed(row, { name, code: readCode(row, 'code'), kind, unit, organisationName: textOf(row, 'organisation'), symbol, place: textOf(row, 'place'), since, until })
}

// ---------------------------------------------------------------------------------------------------------------- people

function readPerson(row: Opened, isNameNeeded: boolean): RowFields {
  const { cells, problems, notes } = row
  const given = cells.given ?? (cells.family ? cells.name : undefined)
  const typed = cells.family && given ? `${cells.family.text} ${given.text}` : (cells.name ?? given)?.text
  const column = (cells.name ?? cells.family ?? cells.given)?.letter ?? null
  let name: string | undefined
  if (typed) {
    const isOld = [cells.name, cells.family, cells.given].some((found) => found?.from === 'tcvn3' || found?.from === 'vni')
    const read = readName(typed.replace(/^(?:đ\/?c|đồng chí|ông|bà)\.?\s+(?=\p{L}+\s)/iu, ''), isOld)
    if (isFit(PersonName, read.name)) name = read.name
    else problems.push({ key: 'name', column, value: typed })
    if (read.isMended && !isOld) notes.push('nameMended')
  } else if (isNameNeeded || !cells.card) problems.push({ key: 'nameMissing', column: null, value: null })
  const cardNumber = readCard(row)
  const born = cells.bornMale ?? cells.bornFemale ?? cells.born
  const birth = born ? readSheetDay(born.cell) : null
  if (born && (birth === null || ('day' in birth && birth.day > '2020-01-01'))) problems.push({ key: 'born', column: born.letter, value: born.text })
  if (birth && 'year' in birth) notes.push('yearOnly')
  return {
    name,
    cardNumber,
    bornOn: birth && 'day' in birth ? birth.day : undefined,
    birthYear: birth && 'year' in birth ? birth.year : undefined,
    gender: readGender(row),
    phone: readOwnPhone(row),
  }
}

function readCard(row: Opened): string | undefined {
  const found = row.cells.card
  if (!found) return undefined
  // a number cell loses nothing that matters: cards are compared by their digits and letters
  const text = tidy(found.text).replace(/^['’`]/, '')
  if (isFit(CardNumber, text)) return text
  row.problems.push(problem(row, 'card', 'card'))
  return undefined
}

function readGender(row: Opened): 'female' | 'male' | undefined {
  const { gender, isMale, isFemale, bornMale, bornFemale } = row.cells
  if (bornMale && bornFemale) return void row.problems.push(problem(row, 'bornFemale', 'twoBirths'))
  if (bornMale || bornFemale) return bornMale ? 'male' : 'female'
  if (isMale && isFemale) return void row.problems.push(problem(row, 'isFemale', 'twoGenders'))
  if (isMale) return 'male'
  if (isFemale) return isTick(isFemale.text) || /^nu$/.test(plain(isFemale.text)) ? 'female' : void row.problems.push(problem(row, 'isFemale', 'gender'))
  if (!gender) return undefined
  const text = plain(gender.text)
  if (/^(?:nam|m|male|trai|ong)$/.test(text)) return 'male'
  if (/^(?:nu|f|female|gai|ba)$/.test(text)) return 'female'
  return void row.problems.push(problem(row, 'gender', 'gender'))
}

function readOwnPhone(row: Opened): string | undefined {
  const found = row.cells.phone
  if (!found) return undefined
  const first = found.text.split(/\s*[;,/]\s*|\s+-\s+/)[0]! // "0912 345 678; 0292 3 811 222": the first is kept
  const read = readPhone(first)
  if (!read) return void row.problems.push(problem(row, 'phone', 'phone'))
  if (read.isMended) row.notes.push('phoneMended')
  return read.phone
}

function readStatus(row: Opened): Pick<RowFields, 'status' | 'exemptReason'> {
  const { status, isExempt, isProbationary, reason } = row.cells
  const exemptReason = reason?.text
  const ticked = isExempt ? 'exempt' : isProbationary && isTick(isProbationary.text) ? 'probationary' : undefined
  const said = status ? readChoice<NonNullable<RowFields['status']>>(row, 'status', statuses, 'status') : undefined
  if (ticked && said && said !== ticked) row.problems.push(problem(row, isExempt ? 'isExempt' : 'isProbationary', 'twoStatuses'))
  const own = said ?? ticked
  // a column "Miễn" may hold the reason itself
  const told = exemptReason ?? (isExempt && !isTick(isExempt.text) ? isExempt.text : undefined)
  if (own !== 'exempt' && told && !isExempt) return own === undefined ? { status: 'exempt', exemptReason: told } : (row.problems.push(problem(row, 'reason', 'reasonWithoutExemption')), { status: own })
  return { status: own, exemptReason: own === 'exempt' ? told : undefined }
}

// ---------------------------------------------------------------------------------------------------------------- units

function readUnitNamed(row: Opened): UnitNamed | undefined {
  const { unit, unitCode, above, aboveCode } = row.cells
  const code = unitCode?.text ?? (unit && isCode(unit.text) ? unit.text : undefined)
  const name = unit && unit.text !== code ? unit.text : undefined
  const group = row.group
  if (code || name) return { code, name, above: above?.text ?? group ?? undefined, aboveCode: aboveCode?.text, column: (unitCode ?? unit)!.letter }
  if (group) return { name: group, above: above?.text, column: null }
  // "Đảng bộ" alone: its members belong to it directly
  return above || aboveCode ? { code: aboveCode?.text, name: above?.text, column: (above ?? aboveCode)!.letter } : undefined
}

const isCode = (text: string) => /^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(text)

function readCode(row: Opened, field: 'code' | 'aboveCode' | 'category'): string | undefined {
  const found = row.cells[field]
  if (!found) return undefined
  const code = found.text.toLowerCase()
  if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(code) && code.length <= 64) return code
  return void row.problems.push(problem(row, field, 'code'))
}

// ---------------------------------------------------------------------------------------------------------------- parts

type Choice = [key: string, said: RegExp, byName?: RegExp]

const statuses: Choice[] = [
  ['probationary', /^(?:du bi|dang vien du bi|dv du bi|dvdb|db|probationary)$/],
  ['exempt', /(?:^| )mien(?: |$)|^(?:duoc mien|exempt)$/],
  ['in_post', /^(?:chinh thuc|dang vien chinh thuc|dv chinh thuc|dvct|ct|dang (?:sinh hoat|cong tac|cong tac sinh hoat)(?: dang)?|sinh hoat|duong chuc|dang vien duong chuc|binh thuong|huu tri|huu|in post)$/],
]
const roles: Choice[] = [
  ['deputy', /^(?:pho bi thu(?: (?:thuong truc|chi bo|chi uy|dang uy|dang bo|chi doan).*)?|pbt|p bi thu|deputy(?: secretary)?)$/],
  ['secretary', /^(?:bi thu(?: (?:chi bo|chi uy|dang uy|dang bo|quan uy|huyen uy|thanh uy).*)?|bt|secretary)$/],
  ['clerk', /^(?:nguoi lam so lieu|can bo (?:lam )?so lieu|nhap (?:so )?lieu|van phong|can bo van phong|van thu|nhan vien van phong|clerk)$/],
  ['city_officer', /^(?:can bo phu trach|city officer)$/],
  ['inspector', /^(?:can bo kiem tra|kiem tra vien|inspector)$/],
  ['administrator', /^(?:quan tri(?: tai khoan| he thong)?|administrator|admin)$/],
]
const isRoleItself = (text: string) => /^(?:bi thu|pho bi thu|bt|pbt|nguoi lam so lieu|can bo phu trach|can bo kiem tra|quan tri tai khoan|secretary|deputy(?: secretary)?|clerk|city officer|inspector|administrator)$/.test(plain(text))
const unitKinds: Choice[] = [
  ['city_committee', /^(?:thanh uy|tinh uy|dang bo (?:tinh|thanh pho)|city committee)$/, /^(?:thanh uy|tinh uy) /],
  ['district_committee', /^(?:quan uy|huyen uy|thi uy|dang bo (?:quan|huyen|thi xa)|district committee)$/, /^(?:quan uy|huyen uy|thi uy) /],
  ['attached_committee', /^(?:dang (?:uy|bo)(?: .*)? truc thuoc.*|attached committee)$/],
  ['commune_committee', /^(?:dang (?:uy|bo) (?:xa|phuong|thi tran|xa phuong(?: thi tran)?)|commune committee)$/, /^dang uy (?:xa|phuong|thi tran) /],
  ['base_organisation', /^(?:(?:to chuc|dang bo|chi bo|dang uy) co so(?: dang)?|tccsd|dang bo bo phan|base organisation)$/, /^chi bo co so /],
  ['cell', /^(?:chi bo(?: truc thuoc.*)?|cb|cell)$/, /^chi bo (?!co so)/],
  ['caucus', /^(?:dang doan|ban can su(?: dang)?|caucus)$/, /^(?:dang doan|ban can su dang)(?: |$)/],
  ['commission', /^(?:ban|uy ban kiem tra|van phong|ban tham muu|co quan tham muu|commission)$/],
  ['partner', /^(?:mat tran(?: to quoc)?|doan the|co quan bao chi|mttq|partner)$/],
]

function readChoice<Key extends string>(row: Opened, field: 'role' | 'kind' | 'status', choices: Choice[], key: string): Key | undefined {
  const found = row.cells[field]
  if (!found) return undefined
  const text = plain(found.text)
  const choice = choices.find(([own, said]) => own === found.text || said.test(text))
  if (choice) return choice[0] as Key
  return void row.problems.push(problem(row, field, key))
}

function dayOf(row: Opened, field: 'since' | 'until'): Day | undefined {
  const found = row.cells[field]
  if (!found) return undefined
  const read = readSheetDay(found.cell)
  if (read && 'day' in read) return read.day
  return void row.problems.push(problem(row, field, read ? 'yearForDay' : 'day'))
}

const textOf = (row: Opened, field: Field) => row.cells[field]?.text
const problem = (row: Opened, field: Field, key: string): RowProblem => {
  const found: Found | undefined = row.cells[field]
  return { key, column: found?.letter ?? null, value: found?.text ?? null }
}
const isFit = (schema: z.ZodType, value: string) => schema.safeParse(value).success
