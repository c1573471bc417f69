/** Words of reports, in small letters and with one spelling of the tone marks (see tokens.ts). */

const phrases = (text: string) => new Set(text.split(/[,\n]/).map((phrase) => phrase.trim()).filter(Boolean))

/** What is counted as people: told in one text by several of these words. */
export const people = phrases(`người, người dân, đồng chí, đ/c, đảng viên, cán bộ, công chức, viên chức, học viên, học sinh, sinh viên, giáo viên, giảng viên, đoàn viên, hội viên, đại biểu, quần chúng, cử tri,
  nhân khẩu, khẩu, thanh niên, phụ nữ, nông dân, cựu chiến binh, công nhân, lao động, báo cáo viên, tuyên truyền viên, cộng tác viên, phóng viên, biên tập viên, chiến sĩ, trẻ em, trẻ, cháu, em, bệnh nhân, ứng viên, thành viên, nhân dân, công dân, bí thư, cấp ủy viên, ủy viên, thí sinh,
  people, persons, members, participants, students, delegates, attendees, cadres, voters, officials, teachers, workers, employees, citizens, party members`)

const attendances = phrases(`lượt, lượt người, lượt cán bộ, lượt đảng viên, attendances`)

/** Bodies: "10/13 đơn vị đạt 99%" may say that each of ten reached 99%. */
export const bodies = phrases(`chi bộ, chi, đảng bộ, đảng ủy, huyện ủy, quận ủy, cấp ủy, tổ chức, tổ chức đảng, tổ chức cơ sở đảng, tổ chức cơ sở, cơ sở, đơn vị, cơ quan, xã, phường, thị trấn, huyện, quận, tỉnh, thành phố, ấp, thôn, xóm, khóm, khu vực, khu phố, tổ dân phố, trường, trường học, doanh nghiệp, công ty, hợp tác xã, hộ, hộ dân, hộ gia đình, gia đình,
  chi hội, chi đoàn, hội, đoàn, tổ, đội, nhóm, câu lạc bộ, công đoàn, công đoàn cơ sở, công an, đoàn thể, sở, ngành, ban, địa phương, lớp, trạm, bệnh viện, đảng bộ cơ sở, chi bộ cơ sở, chi bộ trực thuộc, xã đạt,
  cells, units, communes, wards, districts, provinces, committees, organisations, organizations, schools, households, villages, branches, party cells, offices`)

export const things = phrases(`điểm cầu, điểm, điểm trường, điểm bầu cử, cuộc, buổi, hội nghị, hội thi, hội thảo, đợt, đoàn kiểm tra, cuộc kiểm tra, cuộc giám sát, bài, bài thu hoạch, bài viết, bài dự thi, bài nộp, bài tham luận, tin, tin bài, tin, bài, phóng sự, chuyên đề, chuyên mục, video, clip, video clip, tác phẩm, ảnh, văn bản, kế hoạch, nghị quyết, chỉ thị, quyết định, hướng dẫn, công văn, chương trình, thông báo,
  báo cáo, kết luận, tờ trình, ý kiến, câu hỏi, kiến nghị, mô hình, công trình, dự án, căn, căn nhà, nhà, suất, phần quà, suất quà, bộ, tài liệu, cuốn, bản, tờ, tờ rơi, pano, băng rôn, khẩu hiệu, hồ sơ, đơn, đơn thư, vụ, vụ việc, vụ án, trường hợp, nội dung, nhiệm vụ, chỉ tiêu, tiêu chí, giải pháp, đề án, sản phẩm, hoạt động, phong trào, giải, giải thưởng, phiếu, sổ, thẻ, lần phát, chương trình phát thanh, lỗi, lời, hội trường, ghế, máy, thiết bị, cơ quan báo chí, tuyến, cầu, cây, con, chuyến, vé, môn, tiết mục, học kỳ, câu, giấy mời, bài báo, bản tin, phản ánh, tố cáo, khiếu nại, tin báo,
  papers, essays, reports, venues, classes, sessions, meetings, conferences, articles, items, news items, documents, questions, points, cases, votes, ballots, proposals, files, plans, resolutions, programmes, sites, copies, clips, courses, lessons, forms`)

export const countable = new Set([...people, ...attendances, ...bodies, ...things])

/** What is measured, not counted: money may still be summed and shared, the rest is left alone. */
export const money = phrases('đồng, vnđ, vnd, usd, euro, đô la, dollars, dong')
export const measures = phrases(`ha, hecta, héc ta, km, km2, m, m2, m3, cm, mm, kg, g, tấn, tạ, yến, lít, kwh, mw, kw, mb, gb, giờ, phút, giây, h, ngày, tuần, tháng, quý, năm, tuổi, năm tuổi, độ, lần, điểm phần trăm, điểm phần, thế kỷ, thập kỷ, kỳ, mét, ki lô mét, ngày công, công, trang,
  hours, hour, minutes, days, day, weeks, months, month, years, year, times, percentage, hectares, tonnes, kilometres`)

/** A number right after one of these names something and counts nothing; "always" even when a noun follows. */
export const labels = phrases(`tháng, năm, ngày, quý, tuần, kỳ, khóa, đợt, lần, lần thứ, thứ, mùng, mồng, điều, khoản, mục, chương, phần, tiết, bảng, biểu, mẫu, phụ lục, trang, bước, giai đoạn, nhiệm kỳ, vòng, quốc lộ, tỉnh lộ, hẻm, ngõ, đường, tầng, covid, tw, trung ương, câu, hình, sơ đồ, ô, tiêu chí số, câu số, bài số, tỷ lệ bản đồ, nxb, điện thoại, đt, sđt, fax, hotline,
  article, chapter, section, table, page, decree, no, phase, round, figure, annex, step, version, january, february, march, april, may, june, july, august, september, october, november, december, year, in, since, by, until, phone, tel, item`)

/** These name when nothing countable follows: "Chi bộ 3", but "chi bộ 45 đảng viên". */
export const softLabels = phrases(`tổ, khu, khối, ấp, thôn, xóm, khóm, khu vực, khu phố, phường, quận, phòng, cấp, hạng, loại, bậc, nhóm, lớp, chuyên đề, bài, tiêu chí, nghị quyết, chỉ thị, quyết định, kết luận, kế hoạch, chương trình, đề án, dự án, hướng dẫn, quy định, quy chế, thông tư, nghị định, luật, pháp lệnh, công văn, tờ trình, thông báo, báo cáo, thông tri, chi bộ, đội, trường, mẫu số, top, tốp, chính trị, điểm, nhà, trại, công đoàn, tiểu đoàn, trung đoàn, đại đội, sư đoàn, quân khu, vùng, số nhà, cửa,
  resolution, directive, plan, group, class, grade, ward, district, cell, unit, level, resolution no`)

/** "số 12" names a number; "tổng số 12" counts. */
export const beforeSo = phrases('tổng, trong, trên, quân, sĩ, nhân, đảng, đa, có, ra')

type Bound = 'more' | 'less' | 'nearly' | 'about' | 'atLeast' | 'atMost'

export const qualifierPhrases = new Map<string, Bound>([
  ...list('more', 'hơn, trên, quá, vượt trên, more than, over, above, upwards of, exceeding'),
  ...list('less', 'dưới, chưa tới, chưa đến, chưa đầy, không đầy, không tới, under, below, fewer than, less than'),
  ...list('nearly', 'gần, ngót, sát, suýt soát, nearly, almost, close to, just under'),
  ...list('about', 'khoảng, xấp xỉ, chừng, ước, ước khoảng, ước tính, ước đạt, áng chừng, độ chừng, about, around, approximately, roughly, some, circa'),
  ...list('atLeast', 'ít nhất, tối thiểu, không dưới, không ít hơn, từ ít nhất, chí ít, at least, no fewer than, no less than, not less than'),
  ...list('atMost', 'nhiều nhất, tối đa, không quá, không vượt quá, không hơn, up to, at most, no more than, not more than'),
])

function list(kind: Bound, text: string): [string, Bound][] {
  return [...phrases(text)].map((phrase): [string, Bound] => [phrase, kind])
}

/** The first words of phrases, to pass most words over without joining two. */
export const firstWords = (set: Set<string>) => new Set([...set].map((phrase) => phrase.split(' ')[0]!))

/** The share is of change, not of a whole. */
export const growth = phrases('tăng, giảm, vượt, thêm, bớt, cao hơn, thấp hơn, nhiều hơn, ít hơn, hụt, chênh, chênh lệch, tăng trưởng, lãi suất, lạm phát, tăng thêm, giảm còn, increase, increased, decrease, decreased, rose, fell, up, down, growth, grew, higher, lower, rise, fall, inflation, interest')
/** The share is of a plan or of another year, and may pass 100. */
export const planned = phrases('kế hoạch, kh, dự toán, chỉ tiêu, mục tiêu, cùng kỳ, năm trước, năm ngoái, định mức, so với, so, nghị quyết, pháp lệnh, chỉ tiêu giao, công suất, tiến độ, khối lượng, plan, target, budget, forecast, estimate, compared, previous, last, goal, quota, giao, đề ra, capacity')
/** The share is wished for. */
export const wished = phrases('phấn đấu, chỉ tiêu, mục tiêu, yêu cầu, dự kiến, phải đạt, cần đạt, bảo đảm, đảm bảo, trở lên, trở xuống, target, aim, aims, goal, đến năm, quy định')

/** Words between a count and its share, or at the head of a share, which say nothing else. */
export const shareLead = phrases(`đạt, chiếm, tỷ, lệ, bằng, tương, đương, ứng, với, là, khoảng, hơn, gần, trên, dưới, xấp, xỉ, chung, và, nâng, tổng, cộng, có, được, đã, ở, mức, tỷ lệ, đ, tl, ước, tức, hay, cả, chỉ, mới, or, that, is, making, made, up, accounting, accounted, for, equal, to, equivalent, reaching, representing, rate, a, the, share, of, about, i, e, at, was, were, are, nearly, more, than, over, this, which, giữ`)

/** Said of a part: it cannot pass 100. */
export const takingPart = phrases('tham gia, tham dự, dự học, học tập, đã học, được học, học, nghiên cứu, đi bầu, bỏ phiếu, nộp bài, đã nộp, có mặt, viết bài, tán thành, đồng ý, quán triệt, dự hội nghị, dự, hoàn thành học tập, attended, studied, took part, participated, voted, present, submitted, attendance')

/** Attributes that one person may have several of, so that parts may pass their whole. */
export const overlapping = phrases('nữ, trẻ, dân tộc, tôn giáo, công giáo, phật giáo, khmer, hoa, trình độ, đại học, thạc sĩ, tiến sĩ, cao đẳng, trung cấp, cao cấp, tuổi, dưới, trên, cấp ủy, cấp ủy viên, tái cử, kiêm nhiệm, women, female, young, ethnic, aged, khuyết tật, hộ nghèo, nâng cao, kiểu mẫu')
