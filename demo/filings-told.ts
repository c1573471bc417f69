import type { Day } from '../app/platform/clock.ts'
import type { Unit } from './units.ts'

/** Figures that the city added for itself: no record of the product holds them yet, so that units declare them. Totals as of 30/6. */
export const declaredFigures = [
  { key: 'lop-tuyen-truyen', name: 'Lớp tuyên truyền nghị quyết', unitOfCount: 'classes', total: 117 },
  { key: 'cuoc-tuyen-truyen', name: 'Cuộc họp, sinh hoạt có tuyên truyền nghị quyết', unitOfCount: 'meetings', total: 3_357 },
  { key: 'luot-nguoi-nghe', name: 'Lượt người nghe tuyên truyền', unitOfCount: 'attendances', total: 129_931 },
]

type Form = { kind: 'month' | 'final'; name: string; madeAt: string; sections: { kind: string; title: string; indicators: string[] }[] }
const declaredKeys = declaredFigures.map(({ key }) => key)

export const reportForms: Form[] = [
  {
    kind: 'month',
    name: 'Báo cáo tháng về học tập, quán triệt nghị quyết',
    madeAt: '2021-05-27T10:05:00+07:00',
    sections: [
      { kind: 'figures', title: 'Học tập, quán triệt', indicators: ['expected', 'studied', 'exempt'] },
      { kind: 'figures', title: 'Tuyên truyền', indicators: declaredKeys },
      { kind: 'difficulties', title: 'Khó khăn, vướng mắc', indicators: [] },
      { kind: 'proposals', title: 'Đề xuất, kiến nghị', indicators: [] },
    ],
  },
  {
    kind: 'final',
    name: 'Báo cáo tổng kết học tập, quán triệt và triển khai nghị quyết',
    madeAt: '2021-06-23T15:20:00+07:00',
    sections: [
      { kind: 'figures', title: 'Kết quả học tập, quán triệt', indicators: ['expected', 'studied', 'studied-at-national-conference', 'exempt'] },
      { kind: 'figures', title: 'Kết quả tuyên truyền', indicators: declaredKeys },
      { kind: 'results', title: 'Đánh giá chung', indicators: [] },
      { kind: 'difficulties', title: 'Khó khăn, hạn chế và nguyên nhân', indicators: [] },
      { kind: 'lessons', title: 'Bài học kinh nghiệm', indicators: [] },
      { kind: 'proposals', title: 'Đề xuất, kiến nghị', indicators: [] },
    ],
  },
]

/** `done` is the part of the totals above that was done by the day. */
export const reportRounds: { form: Form['kind']; name: string; asOf: Day; openedAt: string; dueAt: string; done: number; consolidatedAt: string | null }[] = [
  { form: 'month', name: 'Báo cáo tháng 5/2021', asOf: '2021-05-31', openedAt: '2021-05-28T15:30:00+07:00', dueAt: '2021-06-08T17:00:00+07:00', done: 0.71, consolidatedAt: '2021-06-11T10:15:00+07:00' },
  { form: 'final', name: 'Báo cáo tổng kết học tập, quán triệt Nghị quyết Đại hội XIII', asOf: '2021-06-30', openedAt: '2021-06-25T09:00:00+07:00', dueAt: '2021-07-07T17:00:00+07:00', done: 1, consolidatedAt: null },
]

/** What became of one unit's report. `onDay`: handed up that day instead of in time; `comment`: it was returned with that. */
export type Report = { state: 'draft' | 'submitted' | 'returned' | 'accepted'; onDay?: Day; comment?: string; proves?: string[] }

/** Units whose report took another way than being handed up in time and accepted. */
export const unitsApart: Record<Form['kind'], Record<string, Report>> = {
  month: { 'thoi-lai': { state: 'accepted', onDay: '2021-06-09' } },
  final: {
    'khoi-doanh-nghiep': { state: 'draft' },
    'phong-dien': { state: 'accepted', onDay: '2021-07-08' },
    'cai-rang': { state: 'submitted' },
    'thot-not': { state: 'accepted', comment: 'Phần đề xuất, kiến nghị mới ghi “Không có”. Đề nghị bổ sung.' },
    'vinh-thanh': { state: 'returned', proves: ['luot-nguoi-nghe'], comment: 'Phần đề xuất, kiến nghị mới ghi “Không có”. Đề nghị Huyện ủy nêu rõ khó khăn của các xã ở xa và điều cần Thành ủy hỗ trợ, rồi gửi lại.' },
  },
}

const words: Record<string, string[]> = {
  results: [
    'Cấp ủy các cấp triển khai nghiêm túc, đúng kế hoạch của Thành ủy. Bí thư cấp ủy trực tiếp truyền đạt chuyên đề về điểm mới của nghị quyết; đảng viên dự học đầy đủ, trao đổi thẳng thắn, liên hệ với nhiệm vụ của đơn vị mình.',
    'Việc học tập, quán triệt được tổ chức phù hợp với tình hình phòng, chống dịch: kết hợp hội nghị trực tuyến với lớp học tại chi bộ, chia nhỏ số người dự. Nội dung bám sát tài liệu của Trung ương, có phần liên hệ thực tế địa phương.',
  ],
  difficulties: [
    'Một số đảng viên đi làm ăn xa, đau ốm dài ngày nên phải học bù nhiều lần mới đủ. Phòng học ở vài chi bộ nhỏ, chưa bảo đảm giãn cách nên phải chia nhiều buổi.',
    'Đường truyền ở vài điểm cầu xã chưa ổn định, có lúc mất tiếng. Báo cáo viên cấp cơ sở chưa đều, có nơi còn đọc tài liệu. Nguyên nhân là kinh phí thiết bị còn hạn chế và chưa tập huấn kịp.',
  ],
  lessons: [
    'Nơi nào bí thư cấp ủy trực tiếp chỉ đạo và kiểm tra thì đảng viên học sớm và đủ. Cần lập danh sách người vắng ngay sau từng buổi để xếp học bù trong tuần.',
    'Chuẩn bị kỹ báo cáo viên và tài liệu hỏi - đáp giúp buổi học sinh động hơn. Gắn học tập với chương trình hành động của chi bộ thì nghị quyết đi vào việc làm.',
  ],
  proposals: [
    'Đề nghị Thành ủy sớm gửi tài liệu hỏi - đáp về nghị quyết cho chi bộ và hỗ trợ thiết bị cho các điểm cầu ở xa.',
    'Đề nghị Ban Tuyên giáo Thành ủy mở lớp tập huấn cho báo cáo viên cấp cơ sở trước đợt học tập sau.',
  ],
}

/** What a unit writes in a narrative part; not every unit the same. */
export function saidBy(kind: string, unit: Unit): string {
  const choices = words[kind]!
  return choices[unit.code.length % choices.length]!
}
