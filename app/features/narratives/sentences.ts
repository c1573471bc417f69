/** Parts of the narrative in their order; those of level 2 stand under the one of level 1 before them. */
export const parts = [
  { key: 'preface', heading: null, level: 0 },
  { key: 'roster', heading: 'Mở đợt và danh sách học tập', level: 1 },
  { key: 'results', heading: 'Kết quả học tập, quán triệt', level: 1 },
  { key: 'overall', heading: 'Kết quả chung', level: 2 },
  { key: 'national', heading: 'Hội nghị trực tuyến toàn quốc', level: 2 },
  { key: 'sessions', heading: 'Hội nghị, lớp học', level: 2 },
  { key: 'categories', heading: 'Kết quả theo đối tượng', level: 2 },
  { key: 'units', heading: 'Kết quả theo đơn vị', level: 2 },
  { key: 'exempt', heading: 'Đảng viên được miễn', level: 1 },
  { key: 'difficulties', heading: 'Đảng viên chưa học; khó khăn, vướng mắc', level: 1 },
  { key: 'lessons', heading: 'Bài học kinh nghiệm', level: 1 },
  { key: 'proposals', heading: 'Đề xuất, kiến nghị', level: 1 },
  { key: 'closing', heading: null, level: 0 },
] as const

export type PartKey = (typeof parts)[number]['key']

type Sentence = { part: PartKey; text: string; uses: readonly string[] }

const always = ['subject', 'unit', 'scope', 'asOf', 'from', 'to', 'openedOn', 'runner'] as const

/**
 * Every sentence the report is made of, in the product's wording: a unit may word each its own way. `uses` are the values it may
 * name beside those of every sentence. Lines of a list have neither dash nor full stop; they are set around them.
 */
export const sentences = {
  held: { part: 'preface', text: 'Đợt học tập, quán triệt {subject} do {runner} chủ trì, được tổ chức từ ngày {from} đến ngày {to}.', uses: [] },
  handover: { part: 'preface', text: '{unit} báo cáo tình hình và kết quả, số liệu tính đến ngày {asOf}, như sau:', uses: [] },

  frozen: { part: 'roster', text: 'Danh sách học tập được chốt ngày {openedOn}, có tính các trường hợp bổ sung, thay đổi đến ngày {asOf}.', uses: [] },
  roster: { part: 'roster', text: 'Danh sách có {onRoster} đảng viên, trong đó {expected} đảng viên phải học và {exempt} đảng viên được miễn công tác, sinh hoạt.', uses: ['onRoster', 'expected', 'exempt'] },
  rosterWhole: { part: 'roster', text: 'Danh sách có {expected} đảng viên, tất cả đều phải học.', uses: ['expected'] },
  rosterUnits: { part: 'roster', text: 'Đảng viên phải học thuộc {units} đơn vị trực thuộc.', uses: ['units', 'expected'] },

  overall: { part: 'overall', text: 'Tính đến ngày {asOf}, {scope} có {studied}/{expected} đảng viên phải học đã hoàn thành việc học tập, quán triệt, đạt tỷ lệ {studiedShare}.', uses: ['studied', 'expected', 'studiedShare', 'missing', 'missingShare'] },
  overallNobody: { part: 'overall', text: 'Tính đến ngày {asOf}, {scope} không có đảng viên nào thuộc diện phải học.', uses: [] },
  declared: { part: 'overall', text: 'Trong số đã học có {declared} đảng viên, chiếm {declaredShare}, theo số liệu khai báo của đơn vị, không có điểm danh từng người.', uses: ['declared', 'declaredShare', 'studied'] },
  declaredNone: { part: 'overall', text: 'Toàn bộ số đã học được đếm từ điểm danh của từng người.', uses: ['studied'] },
  resolutions: { part: 'overall', text: 'Kết quả của từng nghị quyết, tính trên số đảng viên phải học:', uses: ['expected'] },
  resolution: { part: 'overall', text: '{resolution}: {resolutionStudied}/{expected} đảng viên, đạt {resolutionShare}', uses: ['resolution', 'resolutionStudied', 'resolutionShare', 'expected'] },

  national: { part: 'national', text: 'Tại hội nghị trực tuyến toàn quốc, {national}/{expected} đảng viên phải học đã dự và học đủ nội dung, đạt tỷ lệ {nationalShare}.', uses: ['national', 'nationalShare', 'expected'] },
  nationalVenues: { part: 'national', text: 'Hội nghị được kết nối đến {nationalVenues} điểm cầu.', uses: ['nationalVenues'] },
  nationalCategories: { part: 'national', text: 'Số đảng viên dự và học đủ nội dung tại hội nghị theo từng đối tượng:', uses: ['national'] },
  nationalCategory: { part: 'national', text: '{category}: {categoryNational}/{categoryExpected} đảng viên, đạt {categoryNationalShare}', uses: ['category', 'categoryNational', 'categoryExpected', 'categoryNationalShare'] },

  conferences: { part: 'sessions', text: 'Đã tổ chức {conferences} hội nghị; {conferenceStudied}/{expected} đảng viên phải học ({conferenceShare}) hoàn thành việc học tại hội nghị.', uses: ['conferences', 'conferenceStudied', 'conferenceShare', 'expected'] },
  conferencesAbove: { part: 'sessions', text: 'Có {conferenceStudied}/{expected} đảng viên phải học ({conferenceShare}) hoàn thành việc học tại hội nghị do cấp trên tổ chức.', uses: ['conferenceStudied', 'conferenceShare', 'expected'] },
  classes: { part: 'sessions', text: 'Đã mở {classes} lớp học; {classStudied}/{expected} đảng viên phải học ({classShare}) hoàn thành việc học tại lớp.', uses: ['classes', 'classStudied', 'classShare', 'expected'] },
  classesAbove: { part: 'sessions', text: 'Có {classStudied}/{expected} đảng viên phải học ({classShare}) hoàn thành việc học tại lớp do cấp trên mở.', uses: ['classStudied', 'classShare', 'expected'] },
  makeUps: { part: 'sessions', text: 'Đã mở {makeUps} lớp học bù cho đảng viên vắng; {makeUpStudied}/{expected} đảng viên phải học ({makeUpShare}) nhờ học bù mà học đủ.', uses: ['makeUps', 'makeUpStudied', 'makeUpShare', 'expected'] },
  makeUpsAbove: { part: 'sessions', text: 'Có {makeUpStudied}/{expected} đảng viên phải học ({makeUpShare}) học đủ nhờ lớp học bù do cấp trên mở.', uses: ['makeUpStudied', 'makeUpShare', 'expected'] },
  attendances: { part: 'sessions', text: 'Cả đợt có {attendances} lượt đảng viên dự học; mỗi đảng viên có thể dự nhiều buổi.', uses: ['attendances'] },
  nonMembers: { part: 'sessions', text: 'Cùng dự có {nonMembers} lượt người ngoài Đảng, không tính vào tỷ lệ của đảng viên.', uses: ['nonMembers'] },

  categories: { part: 'categories', text: 'Mỗi đảng viên phải học thuộc một đối tượng; kết quả của từng đối tượng:', uses: ['expected', 'studied'] },
  category: { part: 'categories', text: '{category}: {categoryStudied}/{categoryExpected} đảng viên, đạt {categoryShare}', uses: ['category', 'categoryStudied', 'categoryExpected', 'categoryShare'] },

  unitsAll: { part: 'units', text: 'Cả {units} đơn vị trực thuộc đều đạt 100%.', uses: ['units'] },
  unitsSome: { part: 'units', text: 'Trong {units} đơn vị trực thuộc, có {complete} đơn vị đạt 100%.', uses: ['units', 'complete'] },
  unitsNone: { part: 'units', text: 'Trong {units} đơn vị trực thuộc, chưa có đơn vị nào đạt 100%.', uses: ['units'] },
  unitsComplete: { part: 'units', text: 'Các đơn vị đạt 100%: {completeNames}.', uses: ['completeNames', 'complete'] },
  unitsAround: { part: 'units', text: 'So với tỷ lệ chung {studiedShare}, {above} đơn vị bằng hoặc cao hơn, {below} đơn vị thấp hơn.', uses: ['studiedShare', 'above', 'below', 'units'] },
  unitsHighest: { part: 'units', text: 'Cao nhất là {highestUnit}: {highestStudied}/{highestExpected} đảng viên, đạt {highestShare}.', uses: ['highestUnit', 'highestStudied', 'highestExpected', 'highestShare'] },
  unitsLowest: { part: 'units', text: 'Thấp nhất là {lowestUnit}: {lowestStudied}/{lowestExpected} đảng viên, đạt {lowestShare}.', uses: ['lowestUnit', 'lowestStudied', 'lowestExpected', 'lowestShare'] },

  exempt: { part: 'exempt', text: 'Có {exempt} đảng viên được miễn công tác, sinh hoạt, chiếm {exemptShare} trong tổng số {onRoster} đảng viên có tên trong danh sách; số này không tính vào số phải học.', uses: ['exempt', 'exemptShare', 'onRoster', 'expected'] },
  exemptExpected: { part: 'exempt', text: 'Trong đợt này, đảng viên được miễn công tác, sinh hoạt vẫn phải học.', uses: [] },
  exemptReasons: { part: 'exempt', text: 'Lý do được miễn:', uses: ['exempt'] },
  exemptReason: { part: 'exempt', text: '{reason}: {reasonPeople} đảng viên', uses: ['reason', 'reasonPeople'] },

  missing: { part: 'difficulties', text: 'Đến ngày {asOf}, còn {missing}/{expected} đảng viên phải học chưa học, chiếm {missingShare}.', uses: ['missing', 'missingShare', 'expected'] },
  missingNone: { part: 'difficulties', text: 'Đến ngày {asOf}, không còn đảng viên phải học nào chưa học.', uses: ['expected'] },
  missingUnits: { part: 'difficulties', text: 'Số chưa học ở {missingUnits} đơn vị, nhiều nhất là {mostUnit} với {mostMissing} đảng viên.', uses: ['missingUnits', 'mostUnit', 'mostMissing', 'missing'] },
  missingUnit: { part: 'difficulties', text: 'Số chưa học đều thuộc {mostUnit}.', uses: ['mostUnit', 'missing'] },
  difficulties: { part: 'difficulties', text: 'Khó khăn, vướng mắc và nguyên nhân:', uses: [] },
  difficultiesBeneath: { part: 'difficulties', text: 'Khó khăn, vướng mắc và nguyên nhân nêu trong báo cáo của các đơn vị:', uses: [] },
  lessonsBeneath: { part: 'lessons', text: 'Kinh nghiệm nêu trong báo cáo của các đơn vị:', uses: [] },
  proposalsBeneath: { part: 'proposals', text: 'Đề xuất, kiến nghị nêu trong báo cáo của các đơn vị:', uses: [] },

  closing: { part: 'closing', text: 'Trên đây là báo cáo tình hình và kết quả học tập, quán triệt {subject}, số liệu tính đến ngày {asOf}.', uses: [] },
} as const satisfies Record<string, Sentence>

export type SentenceKey = keyof typeof sentences
export const sentenceKeys = Object.keys(sentences) as SentenceKey[]
export const isSentence = (key: string): key is SentenceKey => Object.hasOwn(sentences, key)

/** What a sentence may name: the values of its own, then those of every sentence. */
export const placeholdersOf = (key: SentenceKey): string[] => [...sentences[key].uses, ...always]
export type Placeholder = (typeof always)[number] | (typeof sentences)[SentenceKey]['uses'][number]
