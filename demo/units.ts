import type { AttachedCommittee, City, District, Figures } from './city.ts'
import { apportion, idOf, type Random, randomOf } from './random.ts'

export type CellKind =
  'neighbourhood' | 'office' | 'school' | 'health' | 'police' | 'military' | 'district_agency' | 'agency' | 'enterprise' | 'university'

/** A unit of the city being built. `expected` and `exempt` are people of the unit itself as of 30/6: only cells have any. */
export type Unit = {
  id: string
  code: string
  kind: string
  name: string
  organisation: string | null
  symbol: string | null
  place: string | null
  parent: Unit | null
  children: Unit[]
  cellKind: CellKind | null
  expected: number
  exempt: number
  venue: string // where its own classes meet
}

export type Tree = { root: Unit; units: Unit[]; cells: Unit[]; tops: { unit: Unit; figures: Figures }[]; byCode: Map<string, Unit> }

/** Lays out every unit of the city, the cells with how many people each has. */
export function buildTree(city: City): Tree {
  const random = randomOf(city.seed, 'units')
  const builder = openBuilder(city)
  const root = builder.add(null, {
    code: city.root.code,
    kind: 'city_committee',
    name: city.root.name,
    organisation: city.root.organisation,
    symbol: city.root.symbol,
    place: city.root.place,
    venue: city.history.nationalConference.place,
  })
  const tops: Tree['tops'] = []
  for (const district of city.districts) tops.push({ unit: addDistrict(builder, random, root, district, city), figures: district.figures })
  for (const committee of city.attached) tops.push({ unit: addAttached(builder, random, root, committee), figures: committee.figures })
  for (const { kind, code, name } of city.withoutMembers) builder.add(root, { code, kind, name, symbol: null, place: city.root.place })
  const cells = builder.units.filter((unit) => unit.kind === 'cell')
  for (const top of tops)
    shareExempt(
      random,
      cells.filter((cell) => topOf(cell) === top.unit),
      top.figures.exempt,
    )
  return { root, units: builder.units, cells, tops, byCode: builder.byCode }
}

/** The district or attached committee that a unit stands beneath. */
export function topOf(unit: Unit): Unit {
  return unit.parent?.parent ? topOf(unit.parent) : unit
}

type Draft = Pick<Unit, 'code' | 'kind' | 'name' | 'symbol' | 'place'> & Partial<Unit>
type Builder = { units: Unit[]; byCode: Map<string, Unit>; add(parent: Unit | null, draft: Draft): Unit }

function openBuilder(city: City): Builder {
  const units: Unit[] = []
  const byCode = new Map<string, Unit>()
  const add = (parent: Unit | null, draft: Draft): Unit => {
    if (byCode.has(draft.code)) throw new Error(`Two units have the code ${draft.code}.`)
    const unit: Unit = {
      organisation: null,
      cellKind: null,
      expected: 0,
      exempt: 0,
      venue: `Hội trường ${draft.name}`,
      children: [],
      ...draft,
      id: idOf(city.seed, 'unit', draft.code),
      parent,
    }
    parent?.children.push(unit)
    units.push(unit)
    byCode.set(unit.code, unit)
    return unit
  }
  return { units, byCode, add }
}

function addDistrict(builder: Builder, random: Random, root: Unit, district: District, city: City): Unit {
  const committee = district.kind === 'quận' ? 'Quận ủy' : 'Huyện ủy'
  const name = `${committee} ${district.name}`
  const unit = builder.add(root, {
    code: district.code,
    kind: 'district_committee',
    name,
    organisation: `Đảng bộ ${district.kind} ${district.name}`,
    symbol: district.kind === 'quận' ? 'QU' : 'HU',
    place: district.name,
  })
  const sizes = spread(random, district.direct.people, district.direct.cells)
  for (const [index, part] of districtAgencies(committee).slice(0, district.direct.cells).entries()) {
    addCell(builder, unit, part, part.startsWith('Trường') ? 'school' : 'district_agency', sizes[index]!)
  }
  for (const [base, people] of Object.entries(district.bases)) {
    const kind: CellKind = base === 'Công an' ? 'police' : base === 'Quân sự' ? 'military' : 'health'
    addBase(builder, random, unit, `${base} ${district.kind} ${district.name}`, slug(base), kind, [people])
  }
  const communes = [
    ...entries(district.towns).map(([place, share]) => ({ place, share, kind: 'thị trấn' as const })),
    ...entries(district.communes).map(([place, share]) => ({ place, share, kind: 'xã' as const })),
    ...entries(district.wards).map(([place, share]) => ({ place, share, kind: 'phường' as const })),
  ]
  const elsewhere = district.direct.people + Object.values(district.bases).reduce((sum, people) => sum + people, 0)
  const people = apportion(
    district.figures.expected - elsewhere,
    communes.map(({ share }) => share),
  )
  for (const [index, { place, kind }] of communes.entries()) {
    const code = `${district.code}-${kind === 'thị trấn' ? 'thi-tran-' : ''}${slug(place)}`
    const commune = builder.add(unit, {
      code,
      kind: 'commune_committee',
      name: `Đảng ủy ${kind} ${place}`,
      organisation: `Đảng bộ ${kind} ${place}`,
      symbol: 'ĐU',
      place,
      venue: `Hội trường Ủy ban nhân dân ${kind} ${place}`,
    })
    addCommuneCells(builder, random, commune, kind, place, people[index]!, city.wellKnownCell)
  }
  return unit
}

function addCommuneCells(
  builder: Builder,
  random: Random,
  commune: Unit,
  kind: string,
  place: string,
  people: number,
  known: City['wellKnownCell'],
): void {
  const schools = schoolsOf(place).slice(0, people < 260 ? 3 : people < 480 ? 4 : people < 800 ? 5 : 6)
  const fixed: [string, CellKind, number][] = [
    ['Cơ quan', 'office', random.between(14, 22) + Math.round(people / 60)],
    ['Công an', 'police', random.between(6, 9) + Math.round(people / 110)],
    ['Quân sự', 'military', random.between(4, 8)],
    ['Trạm Y tế', 'health', random.between(4, 8)],
    ...schools.map((school): [string, CellKind, number] => [school, 'school', random.between(7, 19)]),
  ]
  for (const [name, cellKind, size] of fixed) addCell(builder, commune, name, cellKind, size)

  let left = people - fixed.reduce((sum, [, , size]) => sum + size, 0)
  const hasKnown = commune.code === known.parentCode
  if (hasKnown) {
    addCell(builder, commune, 'ấp Tân An', 'neighbourhood', known.members.length, known.place)
    left -= known.members.length
  }
  const count = Math.max(3, Math.round(left / (random.between(165, 215) / 10)))
  const names = kind === 'phường' ? areas(count) : hamlets(random, count, hasKnown ? ['Tân An'] : [])
  const sizes = spread(random, left, count)
  for (const [index, name] of names.entries()) addCell(builder, commune, name, 'neighbourhood', sizes[index]!, `Nhà văn hóa ${name}`)
}

function addAttached(builder: Builder, random: Random, root: Unit, committee: AttachedCommittee): Unit {
  const unit = builder.add(root, {
    code: committee.code,
    kind: 'attached_committee',
    name: `Đảng ủy ${committee.name}`,
    organisation: `Đảng bộ ${committee.name}`,
    symbol: 'ĐU',
    place: root.place,
  })
  const bases = Object.entries(committee.bases).map(([name, share]) => ({ name, share: typeof share === 'number' ? ([share] as [number]) : share }))
  const people = apportion(
    committee.figures.expected,
    bases.map(({ share }) => share[0]),
  )
  for (const [
    index,
    {
      name,
      share: [, ...cells],
    },
  ] of bases.entries()) {
    const size = people[index]!
    if (size <= 36 && cells.length === 0) addCell(builder, unit, name, committee.cellsOf, size)
    else addBase(builder, random, unit, name, slug(name), committee.cellsOf, [size, ...cells])
  }
  return unit
}

function addBase(
  builder: Builder,
  random: Random,
  parent: Unit,
  name: string,
  code: string,
  kind: CellKind,
  [people, ...written]: [number, ...string[]],
): void {
  const base = builder.add(parent, {
    code: `${parent.code}-${code}`,
    kind: 'base_organisation',
    name: `Đảng ủy ${name}`,
    organisation: `Đảng bộ ${name}`,
    symbol: 'ĐU',
    place: parent.place,
    venue: `Hội trường ${name}`,
  })
  const names = written.length > 0 ? written : partsOf(kind, name, Math.max(2, Math.round(people / (random.between(150, 190) / 10))))
  const sizes = spread(random, people, names.length)
  for (const [index, part] of names.entries()) addCell(builder, base, part, kind, sizes[index]!)
}

function addCell(builder: Builder, parent: Unit, part: string, cellKind: CellKind, expected: number, venue?: string): void {
  builder.add(parent, {
    code: `${parent.code}-${slug(part)}`,
    kind: 'cell',
    name: `Chi bộ ${part}`,
    symbol: 'CB',
    place: parent.place,
    cellKind,
    expected,
    venue: venue ?? (cellKind === 'school' ? part : parent.venue),
  })
}

/** Uneven sizes that add up, each between a cell's least and most. */
function spread(random: Random, people: number, cells: number): number[] {
  const [least, most] = [3, 44]
  const sizes = apportion(
    people - least * cells,
    Array.from({ length: cells }, () => 0.3 + 2 * random.next() ** 1.6),
  ).map((size) => size + least)
  for (const [index, size] of sizes.entries()) {
    for (let over = size - most; over > 0; over--) {
      sizes[index]!--
      sizes[sizes.indexOf(Math.min(...sizes))]!++
    }
  }
  return sizes
}

const exemptWeight: Record<CellKind, number> = {
  neighbourhood: 1,
  office: 0.08,
  school: 0.05,
  health: 0.05,
  police: 0.02,
  military: 0.02,
  district_agency: 0.05,
  agency: 0.1,
  enterprise: 0.2,
  university: 0.1,
}

function shareExempt(random: Random, cells: Unit[], exempt: number): void {
  const open = cells.filter((cell) => cell.expected < 40)
  const parts = apportion(
    exempt,
    open.map((cell) => exemptWeight[cell.cellKind!] * (0.3 + random.next()) * cell.expected),
  )
  for (const [index, cell] of open.entries()) cell.exempt = parts[index]!
}

/** "Đảng ủy xã Thạnh Lộc" is `dang-uy-xa-thanh-loc`. */
function slug(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/đ/gi, 'd')
    .toLowerCase()
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
}

function districtAgencies(committee: string): string[] {
  const others = `
    Ban Tổ chức, Ban Tuyên giáo, Ban Dân vận, Ủy ban Kiểm tra, Mặt trận và các đoàn thể, Văn phòng Ủy ban nhân dân, Phòng Nội vụ,
    Phòng Tài chính - Kế hoạch, Phòng Giáo dục và Đào tạo, Phòng Kinh tế, Phòng Tài nguyên và Môi trường,
    Phòng Lao động - Thương binh và Xã hội, Thanh tra, Phòng Tư pháp, Phòng Văn hóa và Thông tin, Phòng Y tế, Tòa án nhân dân,
    Viện kiểm sát nhân dân, Trường Trung học phổ thông 1, Trường Trung học phổ thông 2, Chi cục Thi hành án dân sự, Chi cục Thuế,
    Kho bạc Nhà nước, Bảo hiểm xã hội, Chi cục Thống kê, Trung tâm Chính trị, Trung tâm Văn hóa - Thể thao và Truyền thanh,
    Ban Quản lý dự án, Trung tâm Phát triển quỹ đất, Phòng Quản lý đô thị, Trường Trung học phổ thông 3, Trường Trung học phổ thông 4,
    Trung tâm Giáo dục thường xuyên`
  return [`Văn phòng ${committee}`, ...listOf(others)]
}

function schoolsOf(place: string): string[] {
  return listOf(`Tiểu học ${place} 1, Mầm non ${place}, Trung học cơ sở ${place}, Tiểu học ${place} 2, Mầm non ${place} 2, Tiểu học ${place} 3`).map(
    (name) => `Trường ${name}`,
  )
}

/** khu vực 1 to 9; where a ward has more cells, 1A, 1B and so on. */
function areas(count: number): string[] {
  if (count <= 9) return Array.from({ length: count }, (_, index) => `khu vực ${index + 1}`)
  const cells = apportion(
    count,
    Array.from({ length: Math.max(8, Math.ceil(count / 5)) }, () => 1),
  )
  return cells.flatMap((parts, area) => Array.from({ length: parts }, (_, index) => `khu vực ${area + 1}${parts > 1 ? 'ABCDEFG'[index] : ''}`))
}

function hamlets(random: Random, count: number, taken: string[]): string[] {
  const first = listOf('Tân, Thạnh, Thới, Trường, Đông, Vĩnh, Phước, Long, Định')
  const second = listOf('An, Lợi, Phước, Hưng, Hòa, Thuận, Lộc, Phú, Thành, Bình, Mỹ, Xuân, Khánh, Trung, Quới')
  const all = first
    .flatMap((one) => second.filter((other) => other !== one).map((other) => `${one} ${other}`))
    .filter((name) => !taken.includes(name))
  return random
    .shuffled(all)
    .slice(0, count)
    .sort()
    .map((name) => `ấp ${name}`)
}

type Parts = { named: string[]; further: string }

const parts: Record<string, Parts> = {
  districtPolice: {
    named: listOf('Tham mưu - Hậu cần, Đội An ninh, Đội Cảnh sát hình sự, Đội Cảnh sát giao thông - trật tự, Đội Quản lý hành chính, Nhà tạm giữ'),
    further: 'Đội nghiệp vụ',
  },
  cityPolice: { named: listOf('Đội Tham mưu tổng hợp'), further: 'Đội' },
  barracks: { named: listOf('Cơ quan Chỉ huy, Tham mưu, Chính trị, Hậu cần - Kỹ thuật'), further: 'Đại đội' },
  staff: { named: listOf('Văn phòng'), further: 'Ban' },
  hospital: {
    named: listOf('Văn phòng, Khoa Khám bệnh, Khoa Nội, Khoa Ngoại - Sản, Kiểm soát bệnh tật, Dược - Cận lâm sàng, Y tế dự phòng'),
    further: 'Khối điều trị',
  },
  school: { named: listOf('Văn phòng, Sinh viên'), further: 'Bộ môn' },
  agency: {
    named: listOf('Văn phòng, Thanh tra, Tổ chức - Hành chính, Kế hoạch - Tài chính, Nghiệp vụ 1, Nghiệp vụ 2'),
    further: 'Đơn vị sự nghiệp',
  },
  enterprise: { named: listOf('Văn phòng, Kỹ thuật, Kinh doanh, Phân xưởng 1, Phân xưởng 2'), further: 'Chi nhánh' },
}

/** Names of the cells of a base organisation, after what it is. */
function partsOf(kind: CellKind, base: string, count: number): string[] {
  const { named, further } = parts[sortOf(kind, base)]!
  return Array.from({ length: count }, (_, index) => named[index] ?? `${further} ${index - named.length + 1}`)
}

function sortOf(kind: CellKind, base: string): keyof typeof parts {
  if (/^(Bệnh viện|Trung tâm Y tế)/.test(base)) return 'hospital'
  if (kind === 'university' || base.startsWith('Trường Cao đẳng') || base.startsWith('Trường Chính trị')) return 'school'
  if (kind === 'police') return base.startsWith('Công an') ? 'districtPolice' : 'cityPolice'
  if (kind === 'military') return /^(Phòng|Bộ)/.test(base) ? 'staff' : 'barracks'
  return kind === 'enterprise' ? 'enterprise' : 'agency'
}

function entries(shares: Record<string, number> | undefined): [string, number][] {
  return Object.entries(shares ?? {})
}

function listOf(words: string): string[] {
  return words.split(',').map((word) => word.trim())
}
