import type { OfficialDocument } from './official-document.ts'

/** Texts that mean something to typesetters, to XML or to templates, and must print as they are. */
export const awkward = [
  '#let x = 1',
  '*đậm* _nghiêng_ `mã` $ a^2 $',
  '\\ \\u{41} @tham-chiếu <nhãn> // hết /* không */',
  '= Đầu đề',
  '- gạch -- dài --- hơn ... ~',
  '#eval("1+1") #[x] {y} $t(z) $&',
  '"Sông" & \'Hậu\' </w:t> ]]>',
  'https://vi.example/a_b*c',
]

/** A plan of a commune committee. */
export const plan: OfficialDocument = {
  issuedBy: 'party',
  type: 'plan',
  number: 9,
  issuerSymbol: 'ĐU',
  superiorBody: 'Đảng bộ huyện Đại Từ',
  issuingBody: 'Đảng ủy xã La Bằng',
  place: 'La Bằng',
  day: '2026-02-05',
  abstract: 'học tập, quán triệt nghị quyết',
  addressees: [],
  body: [
    { is: 'heading', text: 'I. Yêu cầu' },
    { is: 'paragraph', text: 'Nghiêm túc, thiết thực: ườ ễ ẵ ợ ữ ỷ đ Đ Ỹ.' },
    {
      is: 'table',
      countedIn: 'đảng viên',
      columns: [
        { head: 'TT', align: 'center', widthMm: 10 },
        { head: 'Chi bộ', align: 'left', widthMm: null },
        { head: 'Phải học', align: 'right', widthMm: 30 },
      ],
      rows: [
        ['1', 'Chi bộ <"A" & \'B\'>', '1.204'],
        ['2', 'Chi bộ $& {x} $t(y)', '96'],
      ],
      total: ['', 'Cộng', '1.300'],
    },
  ],
  recipients: ['Huyện ủy Đại Từ (để báo cáo)', 'Lưu Văn phòng Đảng ủy'],
  signature: { authority: ['T/M BAN THƯỜNG VỤ'], position: 'BÍ THƯ', name: 'Người Ký Mẫu' },
}

/** An official letter of a city committee. */
export const letter: OfficialDocument = {
  ...plan,
  type: 'official_letter',
  number: 123,
  issuerSymbol: 'TU',
  superiorBody: null,
  issuingBody: 'Thành ủy Cần Thơ',
  place: 'Cần Thơ',
  day: '2021-03-22',
  abstract: 'học tập, quán triệt Nghị quyết',
  addressees: ['Các quận ủy, huyện ủy', 'Các đảng ủy trực thuộc'],
  body: [{ is: 'paragraph', text: 'Ban Thường vụ Thành ủy yêu cầu thực hiện các nội dung sau.' }],
  recipients: ['Lưu Văn phòng Thành ủy'],
}

/** A decision of a people's committee. */
export const stateDecision: OfficialDocument = {
  ...plan,
  issuedBy: 'state',
  type: 'decision',
  number: 156,
  issuerSymbol: 'UBND',
  superiorBody: 'UBND thành phố Cần Thơ',
  issuingBody: 'UBND phường Ninh Kiều',
  place: 'Ninh Kiều',
  abstract: 'Về việc thành lập tổ công tác',
  recipients: ['Như Điều 3', 'Lưu: VT'],
  signature: { authority: ['TM. ỦY BAN NHÂN DÂN'], position: 'CHỦ TỊCH', name: 'Người Ký Mẫu' },
}
