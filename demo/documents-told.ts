import type { Day } from '../app/platform/clock.ts'

/** A document of the 2021 chain with its real number and day; the words are the demonstration's own. */
export type Told = { key: string; type: string; number: number; symbol: string; issuer?: string; day: Day; receivedOn?: Day; at: string; abstract: string; text: string; carriesOut: string[]; answers?: string }

const study = 'Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng'

/** From the directive of the Politburo down to what the city issued. */
export const chain: Told[] = [
  {
    key: 'directive',
    type: 'directive',
    number: 1,
    symbol: 'TW',
    issuer: 'Bộ Chính trị',
    day: '2021-03-09',
    receivedOn: '2021-03-12',
    at: '2021-03-12T08:40:00+07:00',
    abstract: `Về việc nghiên cứu, học tập, quán triệt, tuyên truyền và triển khai thực hiện ${study}`,
    text: 'Bản sao lục. Toàn văn ở tệp kèm theo của cơ quan ban hành.',
    carriesOut: [],
  },
  {
    key: 'guidance',
    type: 'guidance',
    number: 3,
    symbol: 'BTGTW',
    issuer: 'Ban Tuyên giáo Trung ương',
    day: '2021-03-18',
    receivedOn: '2021-03-19',
    at: '2021-03-19T14:05:00+07:00',
    abstract: `Hướng dẫn học tập, quán triệt, tuyên truyền và triển khai thực hiện ${study}`,
    text: 'Bản sao lục. Toàn văn ở tệp kèm theo của cơ quan ban hành.',
    carriesOut: ['directive'],
  },
  {
    key: 'letter',
    type: 'official_letter',
    number: 123,
    symbol: 'TU',
    day: '2021-03-22',
    at: '2021-03-22T09:20:00+07:00',
    abstract: 'Về việc tổ chức điểm cầu dự Hội nghị trực tuyến toàn quốc nghiên cứu, học tập, quán triệt nghị quyết',
    text: 'Các cấp ủy trực thuộc chuẩn bị điểm cầu, lập danh sách người dự hội nghị ngày 27 và 28/3/2021 và cử người điểm danh ở từng điểm cầu.',
    carriesOut: ['directive'],
  },
  {
    key: 'plan',
    type: 'plan',
    number: 17,
    symbol: 'TU',
    day: '2021-03-22',
    at: '2021-03-22T10:30:00+07:00',
    abstract: `Học tập, quán triệt, tuyên truyền và triển khai thực hiện ${study}`,
    text: 'Toàn thành phố học xong trước ngày 30/6/2021. Mỗi cấp ủy trực thuộc ban hành kế hoạch của mình trong 15 ngày.',
    carriesOut: ['directive', 'guidance'],
  },
  {
    key: 'programme',
    type: 'action_programme',
    number: 10,
    symbol: 'TU',
    day: '2021-06-14',
    at: '2021-06-14T15:10:00+07:00',
    abstract: `Chương trình hành động thực hiện ${study}`,
    text: 'Chỉ tiêu và nhiệm vụ của thành phố đến năm 2025, định hướng đến năm 2030.',
    carriesOut: ['directive'],
  },
]

/** What the city's plan asks for, clause by clause. */
export const planClauses = [
  { key: 'I.1', depth: 2, text: 'Cán bộ, đảng viên nắm vững nội dung cốt lõi và điểm mới của nghị quyết' },
  { key: 'I.2', depth: 2, text: 'Tổ chức nghiêm túc, thiết thực, phù hợp với từng nhóm đảng viên và việc phòng, chống dịch' },
  { key: 'II.1', depth: 2, text: 'Dự hội nghị trực tuyến toàn quốc ngày 27 và 28/3/2021 tại các điểm cầu' },
  { key: 'II.2', depth: 2, text: 'Mở lớp học tập ở từng đơn vị, học xong trước ngày 30/6/2021' },
  { key: 'II.3', depth: 2, text: 'Học bù cho đảng viên vắng có lý do' },
  { key: 'III.1', depth: 2, text: 'Mỗi đảng viên viết bài thu hoạch, chi bộ lưu và nhận xét' },
  { key: 'III.2', depth: 2, text: 'Tuyên truyền trong đoàn viên, hội viên và nhân dân' },
  { key: 'IV.1', depth: 2, text: 'Xây dựng chương trình hành động của đơn vị trước ngày 30/6/2021' },
  { key: 'IV.2', depth: 2, text: 'Báo cáo kết quả về Thành ủy trước ngày 05/7/2021' },
]

/** Plans of the committees directly beneath the city: number, day, and how far each is. No day: not issued. */
export const plansBeneath: Record<string, { number: number; day: Day; clauses: string[]; communes: number } | null> = {
  'vinh-thanh': { number: 21, day: '2021-03-26', clauses: ['I.1', 'I.2', 'II.1', 'II.2', 'II.3', 'III.1', 'III.2', 'IV.1', 'IV.2'], communes: 1 },
  'ninh-kieu': { number: 14, day: '2021-03-29', clauses: ['I.1', 'I.2', 'II.1', 'II.2', 'II.3', 'III.1', 'III.2', 'IV.2'], communes: 1 },
  'thot-not': { number: 18, day: '2021-03-30', clauses: ['I.1', 'II.1', 'II.2', 'III.1', 'III.2', 'IV.2'], communes: 0.8 },
  'binh-thuy': { number: 16, day: '2021-03-31', clauses: ['I.1', 'I.2', 'II.1', 'II.2', 'II.3', 'III.1', 'IV.2'], communes: 0.9 },
  'dai-hoc-y-duoc': { number: 9, day: '2021-03-31', clauses: ['I.1', 'II.1', 'II.2', 'III.1'], communes: 0 },
  'cai-rang': { number: 12, day: '2021-04-01', clauses: ['I.1', 'II.1', 'II.2', 'II.3', 'III.1', 'III.2', 'IV.2'], communes: 0.85 },
  'cong-an': { number: 26, day: '2021-04-01', clauses: ['I.1', 'I.2', 'II.1', 'II.2', 'III.1', 'IV.2'], communes: 0 },
  'quan-su': { number: 31, day: '2021-04-02', clauses: ['I.1', 'I.2', 'II.1', 'II.2', 'III.1', 'IV.2'], communes: 0 },
  'o-mon': { number: 15, day: '2021-04-02', clauses: ['I.1', 'II.1', 'II.2', 'III.1', 'III.2', 'IV.2'], communes: 0.7 },
  'co-do': { number: 19, day: '2021-04-05', clauses: ['I.1', 'I.2', 'II.1', 'II.2', 'II.3', 'III.1', 'III.2', 'IV.1', 'IV.2'], communes: 0.9 },
  'khoi-co-quan': { number: 11, day: '2021-04-05', clauses: ['I.1', 'II.1', 'II.2', 'II.3', 'III.1', 'IV.2'], communes: 0 },
  'dai-hoc-can-tho': { number: 8, day: '2021-04-06', clauses: ['I.1', 'II.1', 'II.2', 'III.1'], communes: 0 },
  'phong-dien': { number: 17, day: '2021-04-09', clauses: ['I.1', 'II.1', 'II.2', 'III.1', 'III.2'], communes: 0.6 },
  'thoi-lai': { number: 13, day: '2021-04-14', clauses: ['I.1', 'II.2', 'III.1'], communes: 0.4 },
  'khoi-doanh-nghiep': null,
}

/** Caucuses that adopted a programme of their own by 30/6. */
export const programmesOfCaucuses: Record<string, { number: number; day: Day }> = {
  'ban-can-su-ubnd': { number: 4, day: '2021-06-25' },
  'dang-doan-mttq': { number: 2, day: '2021-06-29' },
}

/** The rules that the city set with its plan, and with its programme for the caucuses. */
export const rules = [
  { key: 'plan', basis: 'plan', kind: 'document', title: 'Ban hành kế hoạch học tập, quán triệt nghị quyết', detail: { type: 'plan' }, who: { depth_to: 1, kinds: [] as string[] }, due: { due_mode: 'after_basis', due_days: 15 } },
  { key: 'commune-plan', basis: 'plan', kind: 'document', title: 'Đảng ủy xã, phường, thị trấn ban hành kế hoạch của mình', detail: { type: 'plan' }, who: { depth_to: null, kinds: ['commune_committee'] }, due: { due_mode: 'after_superior', due_days: 15 } },
  { key: 'caucus-programme', basis: 'programme', kind: 'document', title: 'Đảng đoàn, ban cán sự đảng ban hành chương trình hành động', detail: { type: 'action_programme' }, who: { depth_to: null, kinds: ['caucus'] }, due: { due_mode: 'day', due_on: '2021-06-30' } },
  { key: 'study', basis: 'plan', kind: 'study', title: 'Mọi đảng viên của chi bộ học xong', detail: { measure: 'all' }, who: { depth_to: null, kinds: ['cell'] }, due: { due_mode: 'day', due_on: '2021-06-30' } },
]

/** What the city gave everybody to study with, and how many printed copies went to whom. */
export const outline = {
  key: 'outline',
  kind: 'outline',
  title: 'Đề cương học tập Nghị quyết Đại hội XIII',
  at: '2021-03-23T09:00:00+07:00',
  day: '2021-03-23',
  text: 'I. Kết quả thực hiện nghị quyết khóa trước\nNhững việc đã làm được, những việc còn chậm và nguyên nhân.\nII. Mục tiêu đến năm 2025, 2030 và tầm nhìn đến năm 2045\nBa mốc thời gian và mục tiêu của từng mốc.\nIII. Nhiệm vụ trọng tâm và đột phá chiến lược\nSáu nhiệm vụ trọng tâm, ba đột phá chiến lược.\nIV. Liên hệ ở đơn vị\nMỗi chi bộ nêu việc của mình trong năm 2021.',
}

export const booklet = {
  key: 'booklet',
  kind: 'booklet',
  title: 'Sách hỏi - đáp về Nghị quyết Đại hội XIII',
  at: '2021-04-05T14:30:00+07:00',
  day: '2021-04-05',
  reachBy: '2021-05-15',
  questions: [
    { part: 'Phần I. Những vấn đề chung', question: 'Đợt học tập này gồm những nội dung gì?', answer: 'Bốn chuyên đề: nội dung cốt lõi và điểm mới; phát triển kinh tế - xã hội; xây dựng, chỉnh đốn Đảng; chương trình hành động của thành phố và của cơ sở.' },
    { part: 'Phần I. Những vấn đề chung', question: 'Ai phải học?', answer: 'Mọi đảng viên đang công tác, sinh hoạt ở chi bộ. Đảng viên được miễn công tác, sinh hoạt thì không bắt buộc, nhưng được mời dự nếu có điều kiện.' },
    { part: 'Phần I. Những vấn đề chung', question: 'Vắng một buổi thì làm thế nào?', answer: 'Dự buổi học bù của chi bộ hoặc của đảng ủy cơ sở. Học đủ các chuyên đề thì được tính là đã học.' },
    { part: 'Phần II. Bài thu hoạch', question: 'Bài thu hoạch viết những gì?', answer: 'Điều mới của nghị quyết và cách mình hiểu; vận dụng vào việc của mình; đề xuất với cấp trên.' },
    { part: 'Phần II. Bài thu hoạch', question: 'Bài thu hoạch nộp ở đâu?', answer: 'Nộp tại chi bộ. Chi bộ lưu và nhận xét, không gửi bài lên cấp trên.' },
    { part: 'Phần III. Việc của chi bộ', question: 'Chi bộ chuẩn bị gì trước buổi học?', answer: 'Lịch, phòng họp, danh sách đảng viên, đề cương và sách hỏi - đáp phát trước cho từng người.' },
  ],
}

/** What committees beneath the city wrote in their own plans to answer each clause of the city's, under their own headings. */
export const ownClauses: Record<string, { part: string; text: string }> = {
  'I.1': { part: 'I', text: 'Từng đảng viên nắm chắc điểm mới của nghị quyết, liên hệ được với việc của mình' },
  'I.2': { part: 'I', text: 'Chia lớp theo địa bàn, mỗi phòng không quá số người theo quy định phòng, chống dịch' },
  'II.1': { part: 'II', text: 'Chuẩn bị điểm cầu, lập danh sách người dự và điểm danh từng buổi' },
  'II.2': { part: 'II', text: 'Mỗi tổ chức cơ sở đảng mở ít nhất một lớp, xong trước 15/6/2021' },
  'II.3': { part: 'II', text: 'Tổ chức học bù trong hai tuần sau mỗi lớp' },
  'III.1': { part: 'III', text: 'Chi bộ nhận bài thu hoạch trong 10 ngày sau khi học' },
  'III.2': { part: 'III', text: 'Mặt trận và các đoàn thể tuyên truyền ở khu dân cư, cơ quan' },
  'IV.1': { part: 'IV', text: 'Ban Thường vụ thông qua chương trình hành động trước 25/6/2021' },
  'IV.2': { part: 'IV', text: 'Văn phòng tổng hợp, báo cáo trước 30/6/2021' },
}

/** The city asked every head beneath it to read its plan and to say what changes for the own unit. */
export const acknowledged = {
  at: '2021-03-24T08:15:00+07:00',
  askedOn: '2021-03-24',
  dueOn: '2021-04-15',
  sentences: [
    'Chi bộ tôi sắp lại lịch sinh hoạt tháng 5 để đủ buổi học.',
    'Tôi phân công hai đồng chí phó giúp đảng viên cao tuổi học bù.',
    'Phòng họp nhỏ nên chúng tôi chia làm hai lớp.',
    'Đơn vị chúng tôi làm theo ca, phải học vào buổi tối.',
    'Tôi đưa việc viết bài thu hoạch vào nhận xét cuối năm.',
    'Nhiều đảng viên đi làm xa, tôi lập danh sách học bù từ đầu.',
    'Chúng tôi mượn hội trường của trường học bên cạnh.',
  ],
}
