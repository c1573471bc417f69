import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, showDay } from '../../../platform/clock.ts'
import { Refused } from '../../../platform/errors.ts'
import { workbook, type Grid } from '../imports.fixture.ts'
import { readBook } from './book.ts'
import { decodeCell, decodeOld, encodeOld, readings, writingOf } from './encodings.ts'
import { readRows, type RowFields } from './rows.ts'
import { isSyllable } from './syllable.ts'
import { findTables } from './table.ts'
import { readPhone, readSheetDay } from './values.ts'

const family = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Huỳnh', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương', 'Lý', 'Trương']
const middle = ['Văn', 'Thị', 'Hữu', 'Ngọc', 'Đức', 'Thanh', 'Mỹ', 'Quốc', 'Minh', 'Xuân']
const given = ['An', 'Bình', 'Cường', 'Dũng', 'Đông', 'Giang', 'Hạnh', 'Hòa', 'Khoa', 'Lan', 'Mận', 'Nghĩa', 'Oanh', 'Phượng', 'Quyên', 'Rạng', 'Sơn', 'Thảo', 'Uyên', 'Vân', 'Xuyến', 'Yến', 'Ánh', 'Toàn', 'Bé', 'Út']
const name = fc.tuple(fc.constantFrom(...family), fc.constantFrom(...middle), fc.constantFrom(...given)).map((parts) => parts.join(' '))
const read = async (bytes: Uint8Array) => readRows('members', findTables(await readBook(bytes), 'members').tables)

describe('old code pages', () => {
  test('what is written in them comes back, capitals with a tone in TCVN3 as small letters', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(decodeOld(encodeOld(text, 'vni'), 'vni')).toBe(text)
        expect(decodeOld(encodeOld(text, 'tcvn3'), 'tcvn3').toLowerCase()).toBe(text.toLowerCase())
      }),
    )
  })
  test('a column of names is known by its code page, and every cell of it read', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 6, maxLength: 30 }), fc.constantFrom('tcvn3' as const, 'vni' as const, 'unicode' as const), (names, encoding) => {
        fc.pre(names.filter((one) => /[^\x20-\x7e]/.test(one)).length > 4)
        const cells = names.map((one) => (encoding === 'unicode' ? one : encodeOld(one, encoding)))
        const column = writingOf(cells)
        expect(column.isMixed).toBe(false)
        expect(cells.map((cell) => decodeCell(cell, column)?.text.toLowerCase())).toEqual(names.map((one) => one.toLowerCase()))
      }),
    )
  })
  test('a cell that reads in two ways in a column written in both is told, not guessed', () => {
    const column = writingOf(['NguyÔn V¨n An', 'Nguyễn Văn An'])
    expect(column.isMixed).toBe(true)
    expect(readings('Dòng')).toEqual(new Set(['unicode', 'tcvn3']))
    expect(decodeCell('Dòng', column)).toBeNull()
    expect(decodeCell('TrÇn V¨n Dòng', column)?.text).toBe('Trần Văn Dũng')
    expect(decodeCell('Trần Văn Dòng', column)?.text).toBe('Trần Văn Dòng')
  })
  test('UTF-8 that was read as Western text is told', () => expect(decodeCell('Nguyá»…n VÄƒn', { only: null, isMixed: false })).toBeNull())
  test.each(['Y Ngôn Niê', 'H’Hen Niê', 'K’Brêu', 'Müller'])('%s stays as it is', (other) => expect(decodeCell(other, { only: null, isMixed: false })?.text).toBe(other))
  test.each([['nghiêng', true], ['Hoà', true], ['quyển', true], ['Ất', true], ['ngươờng', false], ['Nguyeãn', false], ['bàt', false]])('%s is a syllable: %s', (word, is) => expect(isSyllable(word)).toBe(is))
})

describe('days and phone numbers', () => {
  test('a day is read in every form sheets have it in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2200, max: 55_000 }), (serial) => {
        const day = addDays('1899-12-30', serial)
        const [year, month, date] = day.split('-') as [string, string, string]
        for (const cell of [serial, { day }, showDay(day), `${date}/${month}/${year}`, `${date}-${month}-${year}`, `${date}.${month}.${year}`, ` ${Number(date)} / ${Number(month)} / ${year} `, day, `ngày ${date} tháng ${month} năm ${year}`, `${date}${month}${year}`])
          expect([cell, readSheetDay(cell)]).toEqual([cell, { day }])
      }),
    )
  })
  test.each([['31/2/1980', null], ['1980', { year: 1980 }], [1980, { year: 1980 }], ['không rõ', null], ['13/13/1980', null], [0, null], ['1/1/80', null]] as const)('%s is %j', (cell, is) => expect(readSheetDay(cell)).toEqual(is))
  test.each([['0912345678', '0912345678'], ['912345678', '0912345678'], ['+84 912 345 678', '0912345678'], ['84912345678', '0912345678'], ['0292.3811.222', '02923811222'], ['12345', null], ['0112345678', null]])('%s is %s', (text, phone) => expect(readPhone(text)?.phone ?? null).toBe(phone))
})

const headings = {
  name: ['Họ và tên', 'HỌ TÊN', 'Ho va ten', 'Họ và tên đảng viên', 'Full name'],
  card: ['Số thẻ ĐV', 'Số thẻ đảng viên', 'so the dang vien', 'Số TĐV', 'Card number'],
  born: ['Ngày sinh', 'Ngày, tháng, năm sinh', 'NGÀY THÁNG NĂM SINH (dd/mm/yyyy)', 'Sinh ngày', 'Date of birth'],
  gender: ['Giới tính', 'Phái', 'Nam/Nữ', 'Gender'],
  phone: ['SĐT', 'Điện thoại', 'Số điện thoại liên hệ', 'ĐTDĐ', 'Phone'],
  unit: ['Chi bộ', 'Tên chi bộ', 'Đơn vị', 'Unit'],
}
type Key = keyof typeof headings
const someone = fc.record({ name, card: fc.integer({ min: 0, max: 999_999 }), born: fc.integer({ min: 10_000, max: 37_000 }), isWoman: fc.boolean(), phone: fc.integer({ min: 0, max: 99_999_999 }), unit: fc.integer({ min: 1, max: 9 }) })

describe('a list, however it is kept', () => {
  test('says the same', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(someone, { minLength: 1, maxLength: 12 }),
        fc.shuffledSubarray(Object.keys(headings) as Key[], { minLength: 6 }),
        fc.record({ variant: fc.nat(4), titles: fc.nat(4), blankColumns: fc.nat(2), nfd: fc.boolean(), spaces: fc.boolean(), noise: fc.boolean(), day: fc.nat(3), isOld: fc.constantFrom(null, 'tcvn3' as const, 'vni' as const), format: fc.constantFrom('xlsx', 'csv', 'utf16') }),
        async (people, order, how) => {
          const wanted = people.map((one): RowFields => ({
            name: one.name, cardNumber: `92.${String(one.card).padStart(6, '0')}`, bornOn: addDays('1899-12-30', one.born), gender: one.isWoman ? 'female' : 'male', phone: `09${String(one.phone).padStart(8, '0')}`,
          }))
          const text = (value: string) => {
            const spaced = how.spaces ? `  ${value.replaceAll(' ', ' \u00a0 ')} ` : value
            return how.isOld ? encodeOld(spaced, how.isOld) : how.nfd ? spaced.normalize('NFD') : spaced
          }
          const cellOf = (one: (typeof people)[number], row: RowFields, key: Key) => {
            if (key === 'name') return text(row.name!)
            if (key === 'card') return row.cardNumber!
            if (key === 'born') return how.format === 'xlsx' && how.day === 0 ? new Date(`${row.bornOn}T00:00:00Z`) : how.day === 1 ? one.born : how.day === 2 ? row.bornOn! : showDay(row.bornOn!)
            if (key === 'gender') return text(one.isWoman ? 'Nữ' : 'Nam')
            if (key === 'phone') return how.variant % 2 === 0 ? Number(row.phone) : row.phone!
            return text(`Chi bộ khu vực ${one.unit}`)
          }
          const blank = Array.from({ length: how.blankColumns }, () => null)
          const rows: Grid = [
            ...Array.from({ length: how.titles }, (_, index) => [index % 2 === 0 ? text('ĐẢNG ỦY PHƯỜNG AN HÒA') : null]),
            [...blank, ...order.map((key) => text(headings[key][how.variant % headings[key].length]!))],
            ...people.flatMap((one, index) => [...(how.noise && index % 3 === 1 ? [[]] : []), [...blank, ...order.map((key) => cellOf(one, wanted[index]!, key))]]),
            ...(how.noise ? [[text('Tổng cộng: ') + String(people.length)], [], [null, null, text('An Hòa, ngày 3 tháng 4 năm 2021')], [null, text('BÍ THƯ')]] : []),
          ]
          const csv = () => rows.map((row) => row.map((cell) => (cell === null ? '' : cell instanceof Date ? cell.toISOString().slice(0, 10) : `"${cell}"`)).join(';')).join('\r\n')
          const bytes = how.format === 'xlsx' ? await workbook(rows) : how.format === 'csv' ? new Uint8Array(Buffer.from(`\ufeff${csv()}`)) : new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(csv(), 'utf16le')]))
          const found = await read(bytes)
          expect(found.flatMap(({ problems }) => problems)).toEqual([])
          expect(found.map(({ fields: { name: own, cardNumber, bornOn, gender, phone } }) => ({ name: own, cardNumber, bornOn, gender, phone }))).toEqual(wanted)
          expect(found.map(({ fields }) => fields.unit?.name)).toEqual(people.map(({ unit }) => `Chi bộ khu vực ${unit}`))
        },
      ),
      { numRuns: 120 },
    )
  })
})

describe('files that are no list', () => {
  test('random bytes get a sentence and nothing else', { timeout: 60_000 }, async () => {
    const sound = Buffer.from(await workbook([['Họ và tên'], ['Nguyễn Văn An']]))
    const hurt = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }).map((places) => {
      const copy = Buffer.from(sound)
      for (const [at, byte] of places) copy[at] = byte
      return new Uint8Array(copy)
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 400 }), hurt), async (bytes) => {
        const outcome = await read(bytes).then(() => 'read', (error: unknown) => (error instanceof Refused ? 'refused' : error))
        expect(['read', 'refused']).toContain(outcome)
      }),
      { numRuns: 200 },
    )
  })
  test('a file that hides how much it unpacks to is refused before it is unpacked', async () => {
    const bytes = Buffer.from(await workbook([['Họ và tên'], ['Nguyễn Văn An']]))
    const entry = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    const claims = (size: number) => (bytes.writeUInt32LE(size, entry + 24), new Uint8Array(bytes))
    for (const [size, sentence] of [[0, 'hỏng'], [4_000_000_000, 'bung ra quá lớn']] as const) {
      const refused = await readBook(claims(size)).catch((error: unknown) => error as Refused)
      expect(refused).toBeInstanceOf(Refused)
      expect((refused as Refused).sentence('vi')).toContain(sentence)
    }
  })
  test.each([['%PDF-1.7 …', 'không phải bảng Excel'], ['<!doctype html><table></table>', 'không phải bảng Excel']])('%j gets a sentence', async (text, sentence) => {
    const refused = (await readBook(new Uint8Array(Buffer.from(text))).catch((error: unknown) => error)) as Refused
    expect(refused.sentence('vi')).toContain(sentence)
  })
})
