import type { City } from './city.ts'

/**
 * The demonstration city: Cần Thơ as it was organised in 2021, with invented people and enterprises.
 * Change a number here and the city is built anew around it; sums that must hold are checked while it is built.
 */
export const canTho: City = {
  seed: 'can-tho-2021',

  root: {
    code: 'can-tho',
    name: 'Thành ủy Cần Thơ',
    organisation: 'Đảng bộ thành phố Cần Thơ',
    symbol: 'TU',
    place: 'Cần Thơ',
  },

  campaign: {
    code: 'nq-dai-hoi-xiii',
    name: 'Học tập, quán triệt Nghị quyết Đại hội XIII',
    studyFrom: '2021-03-27',
    studyTo: '2021-06-30',
    dataDay: '2021-06-30',
    openedOn: '2021-03-22',
    resolution: {
      code: 'nq-xiii',
      name: 'Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII',
      topics: [
        'Những nội dung cốt lõi và điểm mới của Nghị quyết Đại hội XIII',
        'Phương hướng, nhiệm vụ phát triển kinh tế - xã hội đến năm 2025, 2030 và tầm nhìn đến năm 2045',
        'Xây dựng, chỉnh đốn Đảng và hệ thống chính trị trong sạch, vững mạnh',
        'Chương trình hành động thực hiện Nghị quyết của thành phố và của cơ sở',
      ],
    },
  },

  /** As of 30/6: how many must study, how many of them came to both days of 27 and 28/3, how many have not studied. The last one takes everybody else. */
  categories: [
    { key: 'key-cadre', name: 'Cán bộ chủ chốt cấp thành phố, quận, huyện', expected: 1_248, national: 1_219, missing: 0 },
    { key: 'retired-cadre', name: 'Cán bộ hưu trí', expected: 1_041, national: 702, missing: 15 },
    { key: 'artist-intellectual', name: 'Văn nghệ sĩ, trí thức', expected: 2_889, national: 1_204, missing: 16 },
    { key: 'reporter-editor', name: 'Báo cáo viên, phóng viên, biên tập viên', expected: 684, national: 655, missing: 0 },
    { key: 'base-key-cadre', name: 'Cán bộ chủ chốt cấp cơ sở', expected: 5_322, national: 4_786, missing: 5 },
    { key: 'other', name: 'Đảng viên khác tại chi bộ', expected: 39_240, national: 2_240, missing: 487 },
  ],

  /**
   * As of 30/6: `expected` must study, `missing` of them have not, `exempt` come on top. `direct` are cells of district agencies and
   * their people, `bases` base organisations beside the communes; what is left is shared out among the communes by the numbers beside them.
   */
  districts: [
    {
      code: 'ninh-kieu',
      name: 'Ninh Kiều',
      kind: 'quận',
      figures: { expected: 9_412, missing: 66, exempt: 268, conferences: 4, makeUpClasses: 11 },
      direct: { cells: 34, people: 520 },
      bases: { 'Công an': 346, 'Quân sự': 92, 'Trung tâm Y tế': 148 },
      wards: {
        'An Bình': 560, 'An Cư': 720, 'An Hòa': 960, 'An Khánh': 770, 'An Nghiệp': 480, 'An Phú': 560,
        'Cái Khế': 1_010, 'Hưng Lợi': 980, 'Tân An': 690, 'Thới Bình': 590, 'Xuân Khánh': 880,
      },
    },
    {
      code: 'binh-thuy',
      name: 'Bình Thủy',
      kind: 'quận',
      figures: { expected: 4_186, missing: 26, exempt: 121, conferences: 2, makeUpClasses: 5 },
      direct: { cells: 24, people: 340 },
      bases: { 'Công an': 208, 'Quân sự': 78, 'Trung tâm Y tế': 84 },
      wards: {
        'An Thới': 690, 'Bình Thủy': 520, 'Bùi Hữu Nghĩa': 390, 'Long Hòa': 460, 'Long Tuyền': 380, 'Thới An Đông': 300, 'Trà An': 310,
        'Trà Nóc': 430,
      },
    },
    {
      code: 'cai-rang',
      name: 'Cái Răng',
      kind: 'quận',
      figures: { expected: 3_574, missing: 45, exempt: 98, conferences: 2, makeUpClasses: 5 },
      direct: { cells: 22, people: 310 },
      bases: { 'Công an': 190, 'Quân sự': 74, 'Trung tâm Y tế': 72 },
      wards: { 'Ba Láng': 260, 'Hưng Phú': 560, 'Hưng Thạnh': 390, 'Lê Bình': 640, 'Phú Thứ': 440, 'Tân Phú': 220, 'Thường Thạnh': 410 },
    },
    {
      code: 'o-mon',
      name: 'Ô Môn',
      kind: 'quận',
      figures: { expected: 4_028, missing: 32, exempt: 112, conferences: 2, makeUpClasses: 6 },
      direct: { cells: 24, people: 330 },
      bases: { 'Công an': 204, 'Quân sự': 80, 'Trung tâm Y tế': 90 },
      wards: { 'Châu Văn Liêm': 760, 'Long Hưng': 380, 'Phước Thới': 620, 'Thới An': 540, 'Thới Hòa': 330, 'Thới Long': 430, 'Trường Lạc': 370 },
    },
    {
      code: 'thot-not',
      name: 'Thốt Nốt',
      kind: 'quận',
      figures: { expected: 4_317, missing: 68, exempt: 118, conferences: 2, makeUpClasses: 7 },
      direct: { cells: 24, people: 330 },
      bases: { 'Công an': 210, 'Quân sự': 80, 'Trung tâm Y tế': 94 },
      wards: {
        'Tân Hưng': 300, 'Tân Lộc': 610, 'Thạnh Hòa': 330, 'Thốt Nốt': 720, 'Thới Thuận': 480, 'Thuận An': 370, 'Thuận Hưng': 410,
        'Trung Kiên': 420, 'Trung Nhứt': 340,
      },
    },
    {
      code: 'phong-dien',
      name: 'Phong Điền',
      kind: 'huyện',
      figures: { expected: 3_215, missing: 43, exempt: 96, conferences: 2, makeUpClasses: 5 },
      direct: { cells: 20, people: 280 },
      bases: { 'Công an': 160, 'Quân sự': 72, 'Trung tâm Y tế': 70 },
      towns: { 'Phong Điền': 480 },
      communes: { 'Giai Xuân': 420, 'Mỹ Khánh': 330, 'Nhơn Ái': 450, 'Nhơn Nghĩa': 400, 'Tân Thới': 300, 'Trường Long': 470 },
    },
    {
      code: 'co-do',
      name: 'Cờ Đỏ',
      kind: 'huyện',
      figures: { expected: 3_462, missing: 17, exempt: 98, conferences: 2, makeUpClasses: 5 },
      direct: { cells: 20, people: 280 },
      bases: { 'Công an': 164, 'Quân sự': 74, 'Trung tâm Y tế': 68 },
      towns: { 'Cờ Đỏ': 420 },
      communes: {
        'Đông Hiệp': 220, 'Đông Thắng': 210, 'Thạnh Phú': 390, 'Thới Đông': 270, 'Thới Hưng': 360, 'Thới Xuân': 240, 'Trung An': 330,
        'Trung Hưng': 380, 'Trung Thạnh': 310,
      },
    },
    {
      code: 'vinh-thanh',
      name: 'Vĩnh Thạnh',
      kind: 'huyện',
      figures: { expected: 2_934, missing: 5, exempt: 112, conferences: 2, makeUpClasses: 4 },
      direct: { cells: 14, people: 203 },
      bases: { 'Công an': 148, 'Quân sự': 74 },
      towns: { 'Thạnh An': 241, 'Vĩnh Thạnh': 294 },
      communes: {
        'Thạnh An': 229, 'Thạnh Lộc': 268, 'Thạnh Lợi': 158, 'Thạnh Mỹ': 236, 'Thạnh Quới': 262, 'Thạnh Thắng': 176, 'Thạnh Tiến': 171,
        'Vĩnh Bình': 187, 'Vĩnh Trinh': 287,
      },
    },
    {
      code: 'thoi-lai',
      name: 'Thới Lai',
      kind: 'huyện',
      figures: { expected: 3_391, missing: 47, exempt: 104, conferences: 2, makeUpClasses: 5 },
      direct: { cells: 20, people: 270 },
      bases: { 'Công an': 162, 'Quân sự': 74, 'Trung tâm Y tế': 66 },
      towns: { 'Thới Lai': 380 },
      communes: {
        'Định Môn': 250, 'Đông Bình': 220, 'Đông Thuận': 230, 'Tân Thạnh': 180, 'Thới Tân': 190, 'Thới Thạnh': 260, 'Trường Thành': 250,
        'Trường Thắng': 220,
        'Trường Xuân': 230, 'Trường Xuân A': 180, 'Trường Xuân B': 170, 'Xuân Thắng': 190,
      },
    },
  ],

  /** Committees attached to the city committee. Base organisations with their share of the people; a small one is a single cell. */
  attached: [
    {
      code: 'quan-su',
      name: 'Quân sự thành phố',
      cellsOf: 'military',
      figures: { expected: 1_486, missing: 0, exempt: 4, conferences: 2, makeUpClasses: 1 },
      bases: {
        'Bộ Tham mưu': 190, 'Phòng Chính trị': 96, 'Phòng Hậu cần': 110, 'Phòng Kỹ thuật': 104, 'Trung đoàn Bộ binh': 420,
        'Trường Quân sự thành phố': 180,
        'Tiểu đoàn Thông tin': 90, 'Đại đội Trinh sát': 44, 'Đại đội Công binh': 42, 'Kho vũ khí': 38, 'Bệnh xá Quân dân y': 40,
        'Cơ quan Thanh tra quốc phòng': 18, 'Văn phòng Bộ Chỉ huy': 24,
      },
    },
    {
      code: 'cong-an',
      name: 'Công an thành phố',
      cellsOf: 'police',
      figures: { expected: 1_972, missing: 0, exempt: 6, conferences: 2, makeUpClasses: 2 },
      bases: {
        'Phòng Tham mưu': 110, 'Phòng Tổ chức cán bộ': 76, 'Phòng Công tác chính trị': 62, 'Phòng Hậu cần': 90,
        'Phòng An ninh nội địa': 112, 'Phòng An ninh kinh tế': 98,
        'Phòng An ninh điều tra': 84, 'Phòng Cảnh sát điều tra tội phạm về trật tự xã hội': 156,
        'Phòng Cảnh sát điều tra tội phạm về ma túy': 118, 'Phòng Cảnh sát kinh tế': 108,
        'Phòng Cảnh sát giao thông': 232, 'Phòng Cảnh sát cơ động': 204, 'Phòng Cảnh sát phòng cháy, chữa cháy': 210,
        'Phòng Quản lý hành chính': 82, 'Phòng Kỹ thuật hình sự': 64,
        'Phòng Thi hành án hình sự': 52, 'Trại Tạm giam': 98, 'Thanh tra Công an thành phố': 26, 'Phòng Hồ sơ nghiệp vụ': 34,
      },
    },
    {
      code: 'dai-hoc-y-duoc',
      name: 'Trường Đại học Y Dược Cần Thơ',
      cellsOf: 'university',
      figures: { expected: 612, missing: 3, exempt: 4, conferences: 1, makeUpClasses: 1 },
      bases: {
        'Khoa Y': 150, 'Khoa Dược': 78, 'Khoa Răng Hàm Mặt': 40, 'Khoa Điều dưỡng - Kỹ thuật y học': 44, 'Khoa Y tế công cộng': 42,
        'Khoa Khoa học cơ bản': 34,
        'Bệnh viện Trường': 132, 'Phòng Đào tạo Đại học': 22, 'Phòng Tổ chức - Hành chính': 24, 'Phòng Công tác sinh viên': 18,
        'Phòng Khảo thí': 14, 'Thư viện': 14,
      },
    },
    {
      code: 'dai-hoc-can-tho',
      name: 'Trường Đại học Cần Thơ',
      cellsOf: 'university',
      figures: { expected: 1_084, missing: 17, exempt: 9, conferences: 1, makeUpClasses: 2 },
      bases: {
        'Khoa Nông nghiệp': 118, 'Khoa Kinh tế': 124, 'Khoa Công nghệ': 132, 'Khoa Công nghệ thông tin và Truyền thông': 84,
        'Khoa Sư phạm': 108, 'Khoa Thủy sản': 66,
        'Khoa Luật': 58, 'Khoa Khoa học tự nhiên': 62, 'Khoa Khoa học xã hội và Nhân văn': 54,
        'Khoa Môi trường và Tài nguyên thiên nhiên': 48, 'Khoa Ngoại ngữ': 40, 'Khoa Phát triển nông thôn': 36,
        'Khoa Khoa học chính trị': 34, 'Viện Nghiên cứu Công nghệ sinh học': 28, 'Phòng Đào tạo': 22, 'Phòng Tổ chức - Cán bộ': 20,
        'Phòng Công tác sinh viên': 22, 'Trung tâm Học liệu': 28,
      },
    },
    {
      code: 'khoi-co-quan',
      name: 'Khối các cơ quan thành phố',
      cellsOf: 'agency',
      staff: 'khoi-co-quan-co-quan-thanh-uy-dang-uy-khoi',
      figures: { expected: 4_127, missing: 60, exempt: 19, conferences: 3, makeUpClasses: 6 },
      bases: {
        'Cơ quan Thành ủy': [176, 'Văn phòng', 'Ban Tổ chức', 'Ban Tuyên giáo', 'Ban Dân vận', 'Ủy ban Kiểm tra', 'Ban Nội chính', 'Ban Bảo vệ sức khỏe cán bộ', 'Đảng ủy Khối'],
        'Cơ quan Ủy ban Mặt trận Tổ quốc và các đoàn thể': [124, 'Cơ quan Mặt trận', 'Hội Liên hiệp Phụ nữ', 'Thành đoàn', 'Hội Nông dân', 'Hội Cựu chiến binh', 'Liên đoàn Lao động'],
        'Văn phòng Ủy ban nhân dân thành phố': 92, 'Văn phòng Hội đồng nhân dân thành phố': 34,
        'Sở Nội vụ': 84, 'Sở Tài chính': 78, 'Sở Kế hoạch và Đầu tư': 72, 'Sở Xây dựng': 96, 'Sở Giao thông vận tải': 104, 'Sở Công Thương': 74,
        'Sở Nông nghiệp và Phát triển nông thôn': 212, 'Sở Tài nguyên và Môi trường': 138, 'Sở Giáo dục và Đào tạo': 336, 'Sở Y tế': 382,
        'Sở Văn hóa, Thể thao và Du lịch': 152,
        'Sở Lao động - Thương binh và Xã hội': 118, 'Sở Khoa học và Công nghệ': 76, 'Sở Thông tin và Truyền thông': 48, 'Sở Tư pháp': 58,
        'Sở Ngoại vụ': 26, 'Thanh tra thành phố': 48,
        'Báo Cần Thơ': [54, 'Ban Biên tập', 'Phóng viên', 'Trị sự'],
        'Đài Phát thanh và Truyền hình': [118, 'Văn phòng', 'Thời sự', 'Biên tập', 'Phóng viên', 'Chuyên mục', 'Kỹ thuật', 'Truyền dẫn'],
        'Tòa án nhân dân thành phố': 96, 'Viện kiểm sát nhân dân thành phố': 84, 'Cục Thuế thành phố': 186, 'Cục Thi hành án dân sự': 54,
        'Cục Thống kê thành phố': 46, 'Bảo hiểm xã hội thành phố': 74, 'Kho bạc Nhà nước': 58, 'Trường Chính trị': 52,
        'Bệnh viện Đa khoa thành phố': 228, 'Bệnh viện Nhi đồng thành phố': 142,
        'Bệnh viện Phụ sản thành phố': 98, 'Ban Quản lý các khu chế xuất và công nghiệp': 48, 'Ban Quản lý dự án xây dựng': 64,
        'Liên minh Hợp tác xã': 22, 'Hội Chữ thập đỏ': 16, 'Hội Văn học Nghệ thuật': 24,
        'Liên hiệp các Hội Khoa học và Kỹ thuật': 22, 'Trường Cao đẳng Cần Thơ': 96, 'Trường Cao đẳng Y tế': 74, 'Trường Cao đẳng nghề': 68,
      },
    },
    {
      code: 'khoi-doanh-nghiep',
      name: 'Khối doanh nghiệp thành phố',
      cellsOf: 'enterprise',
      figures: { expected: 2_624, missing: 94, exempt: 38, conferences: 2, makeUpClasses: 8 },
      bases: {
        'Công ty Lương thực Bình Minh': 212, 'Công ty Thủy sản Cửu Long Xanh': 186, 'Xí nghiệp May Sông Hậu': 140,
        'Công ty Xây lắp Tây Nam': 132, 'Công ty Vận tải Hậu Giang Xanh': 118,
        'Công ty Điện lực Phù Sa': 164, 'Công ty Cấp thoát nước Ninh Giang': 108, 'Công ty Công trình đô thị Tây Đô': 96,
        'Công ty Dược phẩm Sông Xanh': 144, 'Ngân hàng Nông thôn Đồng Bằng': 132,
        'Ngân hàng Tây Nam Phát triển': 94, 'Công ty Bưu chính Cửu Long': 88, 'Công ty Viễn thông Đất Phương Nam': 104,
        'Công ty Xăng dầu Hậu Giang Xanh': 92, 'Công ty Xi măng Trà Nóc Mới': 86,
        'Công ty Phân bón Phù Sa Vàng': 74, 'Công ty Chế biến gạo Hạt Ngọc': 82, 'Công ty Cảng Cái Sâu': 78,
        'Công ty Bao bì Thới An Mới': 52, 'Công ty In Tây Đô Xanh': 46,
        'Công ty Du lịch Bến Ninh': 58, 'Công ty Sách và Thiết bị trường học Ánh Dương': 34, 'Công ty Giống cây trồng Đồng Xanh': 42,
        'Công ty Thức ăn thủy sản Sông Tiền': 56, 'Công ty Cơ khí Hưng Thạnh Mới': 48,
        'Công ty Bảo hiểm Phương Nam Xanh': 28, 'Công ty Vệ sĩ Thành Trì': 18, 'Công ty Thương mại Chợ Nổi': 36,
        'Công ty Phát triển nhà Bình An Mới': 40,
      },
    },
  ],

  /** Units of the city committee without members of their own. */
  withoutMembers: [
    { kind: 'caucus', code: 'dang-doan-hdnd', name: 'Đảng đoàn Hội đồng nhân dân thành phố' },
    { kind: 'caucus', code: 'ban-can-su-ubnd', name: 'Ban cán sự đảng Ủy ban nhân dân thành phố' },
    { kind: 'caucus', code: 'dang-doan-mttq', name: 'Đảng đoàn Ủy ban Mặt trận Tổ quốc Việt Nam thành phố' },
    { kind: 'commission', code: 'ban-tuyen-giao', name: 'Ban Tuyên giáo Thành ủy' },
    { kind: 'commission', code: 'uy-ban-kiem-tra', name: 'Ủy ban Kiểm tra Thành ủy' },
    { kind: 'partner', code: 'mat-tran', name: 'Ủy ban Mặt trận Tổ quốc Việt Nam thành phố' },
    { kind: 'partner', code: 'hoi-phu-nu', name: 'Hội Liên hiệp Phụ nữ thành phố' },
    { kind: 'partner', code: 'thanh-doan', name: 'Thành đoàn Cần Thơ' },
    { kind: 'partner', code: 'hoi-nong-dan', name: 'Hội Nông dân thành phố' },
    { kind: 'partner', code: 'hoi-cuu-chien-binh', name: 'Hội Cựu chiến binh thành phố' },
    { kind: 'partner', code: 'lien-doan-lao-dong', name: 'Liên đoàn Lao động thành phố' },
    { kind: 'partner', code: 'bao-can-tho', name: 'Báo Cần Thơ' },
    { kind: 'partner', code: 'dai-phat-thanh-truyen-hinh', name: 'Đài Phát thanh và Truyền hình thành phố Cần Thơ' },
  ],

  /** As of 30/6 again. `probationary` need not write. */
  people: { probationary: 1_814 },
  exemptReasons: {
    'Tuổi cao, sức yếu': 62,
    'Ốm đau dài ngày': 14,
    'Bệnh hiểm nghèo': 6,
    'Đi làm ăn xa': 9,
    'Công tác nước ngoài': 3,
    'Học tập dài hạn': 3,
    'Nghỉ thai sản': 3,
  },

  /** Changes of the roster after opening; they cancel out, so that as many must study on 30/6 as on the day of opening. */
  rosterChanges: { arrived: 31, returned: 12, exempted: 26, left: 17, died: 14, transferred: 34 },

  history: {
    nationalConference: {
      name: 'Hội nghị trực tuyến toàn quốc học tập, quán triệt Nghị quyết Đại hội XIII',
      days: ['2021-03-27', '2021-03-28'],
      place: 'Hội trường Thành ủy',
      /** Beside the venues of every district, attached committee and commune. */
      furtherVenues: ['khoi-co-quan-so-y-te', 'khoi-co-quan-so-giao-duc-va-dao-tao', 'khoi-doanh-nghiep-cong-ty-luong-thuc-binh-minh', 'khoi-doanh-nghiep-cong-ty-thuy-san-cuu-long-xanh'],
      cameOnlyOnTheFirstDay: 240,
      invitedButAway: 380,
    },
    /** People by where they studied; the national conference's and the declared ones come on top, the classes take the rest. */
    conferences: { people: 12_418, from: '2021-04-01', to: '2021-04-29' },
    classes: { count: 846 },
    makeUpClasses: { people: 1_772 },
    /** How many have studied by the end of these days, to which the dates of classes are fitted. */
    curve: { '2021-04-16': 16_900, '2021-04-30': 25_200, '2021-05-15': 32_100, '2021-05-31': 39_380, '2021-06-12': 44_600, '2021-06-27': 48_400 },
    restDays: ['2021-04-21', '2021-04-30', '2021-05-01', '2021-05-02', '2021-05-03', '2021-05-23'],
    studiedTwice: 0.3,
    corrections: 220,
    cancelledClasses: 3,
    declaredUnits: 12,
    /** Make-up classes of the last days whose rolls arrived only in July. */
    enteredLate: 7,
    /** After the deadline: who, when, how many. */
    afterDeadline: { 'khoi-doanh-nghiep': ['2021-07-02', 18], 'thot-not': ['2021-07-05', 12], 'ninh-kieu': ['2021-07-06', 14], 'khoi-co-quan': ['2021-07-08', 10], 'cai-rang': ['2021-07-10', 7] },
  },

  /** A cell whose members and evenings are written out: the one the pictures of the manual show. */
  wellKnownCell: {
    code: 'vinh-thanh-thanh-loc-ap-tan-an',
    parentCode: 'vinh-thanh-thanh-loc',
    name: 'Chi bộ ấp Tân An',
    place: 'Nhà văn hóa ấp Tân An',
    evenings: ['2021-06-03', '2021-06-10'],
    makeUpOn: '2021-06-29',
    /** Born in, and what was marked where it was not "present" on both evenings; the last is the make-up class. */
    members: [
      ['Huỳnh Thị An', 1968], ['Lê Văn Bảy', 1950], ['Nguyễn Thị Bé', 1957], ['Trần Thanh Bình', 1975], ['Phạm Văn Chiến', 1963],
      ['Nguyễn Thị Kim Cúc', 1979],
      ['Võ Văn Dũng', 1971], ['Đặng Thị Thùy Dương', 1991], ['Nguyễn Văn Đạt', 1988], ['Trần Văn Điền', 1966], ['Lê Thị Hồng Gấm', 1982],
      ['Phan Văn Giàu', 1947, 'excused Nằm viện', 'excused Nằm viện', 'present'],
      ['Nguyễn Thị Hai', 1952, 'present', 'excused Chăm người ốm', 'present'],
      ['Đỗ Ngọc Hân', 1990], ['Nguyễn Văn Hùng', 1961], ['Nguyễn Văn Hùng', 1985], ['Bùi Thị Hương', 1977], ['Lê Hoàng Khải', 1993],
      ['Trương Minh Khang', 1996, 'absent Đi công trình ở Bình Dương', 'absent Đi công trình ở Bình Dương', 'absent'],
      ['Nguyễn Thị Lan', 1984], ['Võ Thành Lâm', 1980], ['Trần Thị Mỹ Linh', 1994], ['Huỳnh Văn Lộc', 1972], ['Phạm Thị Mai', 1969],
      ['Nguyễn Hữu Nghĩa', 1964],
      ['Lê Thị Ngọc', 1986], ['Đinh Thị Yến Nhi', 1997],
      ['Cao Văn Nhơn', 1949, 'excused Mổ mắt', 'excused Mổ mắt', 'present'],
      ['Trần Quốc Phong', 1983], ['Nguyễn Văn Phước', 1967], ['Lâm Thị Sáu', 1954], ['Nguyễn Minh Tâm', 1976], ['Hồ Văn Thạnh', 1958],
      ['Nguyễn Thị Thu Thảo', 1992], ['Võ Thị Thủy', 1973],
      ['Lê Trung Tín', 1989, 'absent', 'late', 'present'],
      ['Phan Thị Út', 1962], ['Trần Văn Út', 1959], ['Nguyễn Thị Bích Vân', 1981], ['Dương Quốc Việt', 1987],
    ],
  },

  /** People with an office or an account of their own; everybody else in office is chosen among the members. */
  named: [
    {
      name: 'Nguyễn Thu Hà', born: 1981, cell: 'khoi-co-quan-co-quan-thanh-uy-ban-tuyen-giao',
      offices: [['city_officer', 'can-tho', 'Ban Tuyên giáo Thành ủy']],
      account: { username: 'ha.city', vi: 'Chuyên viên Ban Tuyên giáo Thành ủy', en: 'City officer, propaganda commission' },
    },
    {
      name: 'Lâm Quốc Thiện', born: 1966, cell: 'khoi-co-quan-co-quan-thanh-uy-van-phong',
      offices: [['secretary', 'can-tho']],
      account: { username: 'bithu.cantho', vi: 'Bí thư Thành ủy', en: 'Secretary of the city committee' },
    },
    { name: 'Võ Thị Hồng Diễm', born: 1972, cell: 'khoi-co-quan-co-quan-thanh-uy-van-phong', offices: [['deputy', 'can-tho']] },
    { name: 'Trịnh Minh Khôi', born: 1985, cell: 'khoi-co-quan-co-quan-thanh-uy-van-phong', offices: [['clerk', 'can-tho']] },
    {
      name: 'Phan Thị Mỹ Duyên', born: 1979, cell: 'khoi-co-quan-co-quan-thanh-uy-uy-ban-kiem-tra',
      offices: [['inspector', 'uy-ban-kiem-tra']],
      inspects: ['thoi-lai', '2021-03-22', '2031-01-01'],
      account: { username: 'kiemtra', vi: 'Kiểm tra viên, được giao huyện Thới Lai', en: 'Inspector, assigned Thới Lai district' },
    },
    {
      name: 'Quách Thành Duy', born: 1988, cell: 'khoi-co-quan-co-quan-thanh-uy-van-phong',
      offices: [['administrator', 'can-tho']],
      account: { username: 'quantri', vi: 'Quản trị tài khoản', en: 'Administrator of accounts' },
    },
    {
      name: 'Đặng Hoàng Sơn', born: 1970, cell: 'vinh-thanh-van-phong-huyen-uy',
      offices: [['secretary', 'vinh-thanh']],
      account: { username: 'bithu.vinhthanh', vi: 'Bí thư Huyện ủy Vĩnh Thạnh', en: 'Secretary of Vĩnh Thạnh district' },
    },
    {
      name: 'Lý Ngọc Trâm', born: 1987, cell: 'vinh-thanh-ban-tuyen-giao',
      offices: [['clerk', 'vinh-thanh', 'Ban Tuyên giáo Huyện ủy']],
      account: { username: 'solieu.vinhthanh', vi: 'Người làm số liệu Huyện ủy Vĩnh Thạnh', en: 'Clerk of Vĩnh Thạnh district' },
    },
    {
      name: 'Nguyễn Hoàng Triều', born: 1974, cell: 'vinh-thanh-thanh-loc-co-quan',
      offices: [['secretary', 'vinh-thanh-thanh-loc']],
      account: { username: 'bithu.thanhloc', vi: 'Bí thư Đảng ủy xã Thạnh Lộc', en: 'Secretary of Thạnh Lộc commune' },
    },
    {
      name: 'Đỗ Ngọc Hân', born: 1990, cell: 'vinh-thanh-thanh-loc-ap-tan-an',
      offices: [['clerk', 'vinh-thanh-thanh-loc', 'Văn phòng Đảng ủy xã']],
      account: { username: 'vanphong.thanhloc', vi: 'Văn phòng Đảng ủy xã Thạnh Lộc', en: 'Clerk of Thạnh Lộc commune' },
    },
    {
      name: 'Trần Văn Út', born: 1959, cell: 'vinh-thanh-thanh-loc-ap-tan-an',
      offices: [['secretary', 'vinh-thanh-thanh-loc-ap-tan-an']],
      account: { username: 'ut.tanan', vi: 'Bí thư Chi bộ ấp Tân An', en: 'Secretary of Tân An cell' },
    },
    {
      name: 'Bùi Thị Hương', born: 1977, cell: 'vinh-thanh-thanh-loc-ap-tan-an',
      offices: [['deputy', 'vinh-thanh-thanh-loc-ap-tan-an']],
      account: { username: 'pho.tanan', vi: 'Phó Bí thư Chi bộ ấp Tân An', en: 'Deputy secretary of Tân An cell' },
    },
    {
      name: 'Nguyễn Thị Lan', born: 1984, cell: 'vinh-thanh-thanh-loc-ap-tan-an',
      offices: [],
      account: { username: 'lan.tanan', vi: 'Đảng viên Chi bộ ấp Tân An', en: 'Member of Tân An cell' },
    },
  ],
  password: 'thong-suot',
}
