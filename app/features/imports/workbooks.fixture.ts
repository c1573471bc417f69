import { writeXlsx } from 'hucre/xlsx'
import type { ImportKind } from './imports.schema.ts'
import { workbook, type Grid } from './imports.fixture.ts'
import { encodeOld } from './reading/encodings.ts'

/**
 * Workbooks as offices of different places keep them, for the organisation of tests/people.ts: a ward with two cells, and its clerk.
 * `good` loads that many rows; `bad` names cells and what is wrong with them; `refused` is a file that cannot be read at all.
 */
export type Messy = { name: string; kind: ImportKind; unit?: string; file: () => Promise<Uint8Array>; good?: number; bad?: string[]; refused?: string; notes?: Record<string, number> }

const day = (text: string) => new Date(`${text}T00:00:00Z`)
const utf16 = (text: string) => new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]))
const old = (grid: Grid, encoding: 'tcvn3' | 'vni'): Grid => grid.map((row) => row.map((cell) => (typeof cell === 'string' ? encodeOld(cell, encoding) : cell)))
const merge = (startRow: number, startCol: number, endRow: number, endCol: number) => ({ startRow, startCol, endRow, endCol })

export const messyWorkbooks: Messy[] = [
  {
    // title rows, headings over two rows with merged cells, a row of numbers, units as lines of their own, totals, signatures
    name: 'Danh sách ĐV phường An Hòa (mẫu 1).xlsx',
    kind: 'members',
    file: () =>
      workbook(
        [
          ['ĐẢNG BỘ QUẬN NINH KIỀU', null, null, null, 'ĐẢNG CỘNG SẢN VIỆT NAM'],
          ['ĐẢNG ỦY PHƯỜNG AN HÒA'],
          [],
          ['DANH SÁCH ĐẢNG VIÊN ĐANG SINH HOẠT'],
          ['(Tính đến ngày 31 tháng 3 năm 2021)'],
          [],
          ['Số TT', 'Họ và tên', 'Năm sinh', null, 'Ngày vào Đảng', null, 'Số thẻ ĐV', 'Quê quán', 'Ghi chú'],
          [null, null, 'Nam', 'Nữ', 'Dự bị', 'Chính thức'],
          ['(1)', '(2)', '(3)', '(4)', '(5)', '(6)', '(7)', '(8)', '(9)'],
          ['I', 'Chi bộ khu vực 1 (3 đảng viên)'],
          [1, 'Ngô Văn Ất', 1961, null, '3/2/1985', '3/2/1986', '92.100001', 'Cần Thơ', null],
          [2, 'Dương Thị Bưởi', null, 1970, '19/5/1999', '19/5/2000', '92.100002', 'Hậu Giang', 'Hưu trí'],
          [3, 'Kiều Văn Cam', '04/11/1988', null, '1/1/2015', '1/1/2016', '92.100003', 'Cần Thơ', null],
          ['II', 'Chi bộ khu vực 2'],
          [1, 'Thạch Thị Dâu', null, '15/08/1992', '2/9/2019', '2/9/2020', '92.100004', 'Sóc Trăng', null],
          ['Tổng cộng: 04 đảng viên'],
          [],
          [null, null, null, null, null, 'An Hòa, ngày 31 tháng 3 năm 2021'],
          ['NGƯỜI LẬP BIỂU', null, null, null, null, 'T/M ĐẢNG ỦY'],
          [null, null, null, null, null, 'BÍ THƯ'],
          [],
          [null, 'Lý Thị Ngọc', null, null, null, 'Trần Văn Lớn'],
        ],
        [merge(6, 0, 7, 0), merge(6, 1, 7, 1), merge(6, 2, 6, 3), merge(6, 4, 6, 5), merge(6, 6, 7, 6), merge(6, 7, 7, 7), merge(6, 8, 7, 8), merge(3, 0, 3, 8), merge(9, 1, 9, 8), merge(13, 1, 13, 8)],
      ),
    good: 4,
    notes: { yearOnly: 2 },
  },
  {
    name: 'DSDV_VnTime_2009.xlsx',
    kind: 'members',
    file: () =>
      workbook(
        old(
          [
            ['Danh sách đảng viên'],
            ['Số TT', 'Họ và tên', 'Ngày sinh', 'Giới tính', 'Chi bộ', 'Số thẻ đảng viên'],
            [1, 'Nguyễn Thị Ớt', '20/11/1975', 'Nữ', 'Chi bộ khu vực 1', '92.200001'],
            [2, 'Trần Đức Phượng', '1/5/1968', 'Nam', 'Chi bộ khu vực 1', '92.200002'],
            [3, 'Đặng Hữu Quế', '30/4/1981', 'Nam', 'Chi bộ khu vực 2', '92.200003'],
            [4, 'Lê Dũng', '7/7/1977', 'Nam', 'Chi bộ khu vực 2', '92.200004'],
          ],
          'tcvn3',
        ),
      ),
    good: 4,
    notes: { converted: 4 },
  },
  {
    name: 'DANG VIEN (VNI).xlsx',
    kind: 'members',
    file: () =>
      workbook(
        old(
          [
            ['DANH SÁCH ĐẢNG VIÊN CHI BỘ KHU VỰC 2'],
            ['STT', 'Họ chữ đệm', 'Tên', 'Ngày tháng năm sinh', 'Phái', 'Điện thoại', 'Chi bộ'],
            [1, 'Nguyễn Hữu', 'Rạng', '12/12/1959', 'Nam', '0918 111 222', 'Chi bộ khu vực 2'],
            [2, 'Phạm Thị Mỹ', 'Sương', '8/3/1983', 'Nữ', '0918.111.223', 'Chi bộ khu vực 2'],
            [3, 'Võ', 'Toàn', '22/12/1990', 'Nam', '', 'Chi bộ khu vực 2'],
          ],
          'vni',
        ),
      ),
    good: 3,
    notes: { converted: 3 },
  },
  {
    // "Unicode Text" of Excel
    name: 'danh sach.txt',
    kind: 'members',
    unit: 'an-hoa-1',
    file: () => Promise.resolve(utf16(['TT\tHọ và tên\tSố thẻ\tNgày sinh\tNam/Nữ', '1\tLâm Thị Út\t92.300001\t02/09/1965\tNữ', '2\tMai Văn Vàng\t92.300002\t30-4-1972\tNam', ''].join('\r\n'))),
    good: 2,
  },
  {
    // CSV of a Vietnamese Excel: zeros lost, numbers as numbers
    name: 'dangvien.csv',
    kind: 'members',
    file: () => Promise.resolve(new Uint8Array(Buffer.from(['\ufeffSTT;Họ tên đảng viên;Số thẻ;Ngày sinh;SĐT;Đơn vị', '1;TRẦN THỊ XOÀI;92400001;01/01/1980;912345601;Khu vực 1', '2;"LÊ VĂN YÊN";92400002;15.6.1955;84912345602;"CB khu vực 2"', ''].join('\r\n')))),
    good: 2,
    notes: { phoneMended: 1, nameMended: 2 },
  },
  {
    // from a Mac: decomposed letters, stray and non-breaking spaces, empty rows and columns, real dates and serials
    name: 'Danh sa\u0301ch.xlsx',
    kind: 'members',
    file: () =>
      workbook(
        (
          [
            [],
            [null, null, '  Họ và tên ', null, 'Sinh ngày', 'Giới', null, 'Chi bộ đang sinh hoạt', 'Tình trạng'],
            [],
            [null, null, ' Huỳnh\u00a0Thị   Ánh ', null, day('1979-10-10'), ' nữ', null, ' Chi bộ  khu vực 1', 'chính thức'],
            [],
            [null, null, 'Đồng chí Bùi Tấn Ý', null, 33000, 'NAM', null, 'Chi  bộ\u00a0khu vực 2 ', 'Dự bị'],
          ] as Grid
        ).map((row) => row.map((cell) => (typeof cell === 'string' ? cell.normalize('NFD') : cell))),
      ),
    good: 2,
  },
  {
    // a sheet for each cell, a cover, and one that is hidden
    name: 'Tong hop cac chi bo.xlsx',
    kind: 'members',
    file: () =>
      writeXlsx({
        sheets: [
          { name: 'Bìa', rows: [['ĐẢNG ỦY PHƯỜNG AN HÒA'], ['TỔNG HỢP ĐẢNG VIÊN NĂM 2021']] },
          { name: 'Chi bộ khu vực 1', rows: [['STT', 'Họ tên', 'Ngày sinh', 'Số TĐV'], [1, 'Ông Văn Bé', '9/9/1949', '92.500001']] },
          { name: 'Chi bộ khu vực 2', rows: [['Danh sách'], ['STT', 'Họ tên', 'Ngày sinh', 'Số TĐV'], [1, 'Phan Thị Chín', '19/8/1945', '92.500002']] },
          { name: 'cũ', hidden: true, rows: [['STT', 'Họ tên'], [1, 'Không Còn Dùng']] },
        ],
      }),
    good: 2,
  },
  {
    name: 'can sua.xlsx',
    kind: 'members',
    file: () =>
      workbook([
        ['STT', 'Họ và tên', 'Số thẻ ĐV', 'Ngày sinh', 'Giới tính', 'Điện thoại', 'Chi bộ'],
        [1, 'Đinh Thị Dừa', '92.600001', '31/2/1980', 'Nữ', '0912345603', 'Chi bộ khu vực 1'],
        [2, 'Đinh Văn Đu', '92.600002', '1/3/1980', 'Nam', '12345', 'Chi bộ khu vực 1'],
        [3, 'Đinh Văn Em', '92.600002', '1/4/1980', 'Nam', null, 'Chi bộ khu vực 2'],
        [4, null, '92.600004', '1/5/1980', 'Nam', null, 'Chi bộ khu vực 2'],
        [5, 'Đinh Thị Giang', '92.600005', '1/6/1980', 'N', null, 'Chi bộ khu vựt 3'],
        [6, 'Đinh Văn H3', '92.600006', '1/7/2015', 'Nam', null, null],
        [7, 'Đinh Thị Ích', '92.600007', '1/8/1980', 'Nữ', null, 'Quận ủy Ninh Kiều'],
        [8, 'Đinh Văn Khá', '92.600008', '1/9/1980', 'Nam', null, 'Chi bộ khu vực 2'],
      ]),
    bad: ['2D born', '3F phone', '3C cardTwice', '4C cardTwice', '5 nameMissing', '6E gender', '6G unitUnknown', '7B name', '7 unitMissing', '7D bornTooLate', '8G unitNotYours'],
  },
  {
    name: 'to chuc.xlsx',
    kind: 'units',
    file: () =>
      workbook([
        ['DANH SÁCH TỔ CHỨC ĐẢNG TRỰC THUỘC'],
        ['STT', 'Tên tổ chức đảng', 'Loại hình', 'Trực thuộc', 'Mã đơn vị'],
        [1, 'Chi bộ khu vực 3', null, 'Đảng ủy phường An Hòa', 'an-hoa-3'],
        [2, 'Chi bộ vòng một', 'Chi bộ', 'Chi bộ vòng hai', null],
        [3, 'Chi bộ vòng hai', 'Chi bộ', 'Chi bộ vòng một', null],
        [4, 'Chi bộ lẻ loi', 'Chi bộ', null, null],
        [5, 'Chi bộ phường bạn', 'Chi bộ', 'Đảng ủy phường An Hoà B', null],
      ]),
    bad: ['4D cycle', '5D cycle', '6 noParent', '7D unitUnknown'],
  },
  {
    name: 'mat khau.xlsx',
    kind: 'members',
    file: () => writeXlsx({ sheets: [{ name: 'Sheet1', rows: [['Họ và tên'], ['Bí Mật']] }], encryption: { password: 'anhoa', spinCount: 1000 } }),
    refused: 'fileLocked',
  },
  {
    name: 'hong.xlsx',
    kind: 'members',
    file: async () => (await workbook([['Họ và tên'], ['Hỏng']])).slice(0, 700),
    refused: 'fileBroken',
  },
  {
    name: 'chuc vu.xlsx',
    kind: 'members',
    file: () => workbook([['KẾ HOẠCH'], ['Nội dung', 'Thời gian', 'Người phụ trách'], ['Họp chi bộ', '1/4/2021', 'Bí thư']]),
    refused: 'noTable.members',
  },
]
