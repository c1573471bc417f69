import { hash, type Random, wordsOf } from './random.ts'

export type Gender = 'female' | 'male'

/**
 * An invented name as it would have been given in the Mekong delta to somebody born that year.
 * Never the name of a widely known person.
 */
export function inventName(random: Random, gender: Gender, bornIn: number): string {
  const generation = generations.find((one) => bornIn < one.before)![gender]
  for (;;) {
    const family = families(random)
    const name = `${family} ${generation.middle(random)} ${generation.given(random)}`
    if (!repeats(name) && !wellKnown.has(hash(name))) return name
  }
}

const families = wordsOf(`Nguyễn 30, Trần 11, Lê 10, Phạm 6, Huỳnh 6, Võ 5, Phan 4, Trương 3, Đặng 2.6, Bùi 2.2, Đỗ 2, Hồ 1.8,
  Dương 1.8, Lâm 1.8, Ngô 1.6, Lý 1.3, Đinh 1, Cao 1, Mai 0.9, Đoàn 0.9, Lưu 0.8, Thái 0.8, Lương 0.7, Trịnh 0.7, Châu 0.7, Hà 0.6,
  Tô 0.6, Thạch 0.6, Tạ 0.5, Quách 0.5, Danh 0.4, Tăng 0.4, Kim 0.4, Từ 0.3, Vương 0.3, Sơn 0.3, Triệu 0.2, Khưu 0.3, Liêu 0.2, Mã 0.2`)

const generations = [
  {
    before: 1960,
    male: {
      middle: wordsOf('Văn 60, Thành 5, Hữu 5, Minh 4, Hoàng 3, Công 3, Ngọc 3, Thanh 4, Quang 2, Tấn 3, Hồng 2, Trung 2, Phước 2, Chí 1'),
      given: wordsOf(`Hai 3, Ba 3, Tư 4, Năm 3, Sáu 4, Bảy 4, Tám 3, Chín 3, Mười 3, Út 4, Bé 2, Hùng 4, Dũng 3, Chiến 3, Thắng 3, Lợi 3, Phước 3,
        Đức 2, Sang 2, Bình 2, Hòa 3, Sơn 3, Hải 2, Thành 3, Nghĩa 3, Nhơn 3, Lễ 2, Tài 2, Lộc 2, Thạnh 2, Trí 2, Tấn 2, Hiền 2, Hoàng 2, Liêm 1,
        Phát 2, Rô 1, Đấu 1, Kỉnh 1, Ngoan 1, Đời 1, Xê 1, Thới 1, Ngởi 1, Quới 1, Đẹt 1, Cưng 1`),
    },
    female: {
      middle: wordsOf('Thị 86, Kim 3, Ngọc 3, Hồng 2, Thanh 1, Tuyết 1, Bạch 1'),
      given: wordsOf(`Hai 3, Ba 3, Tư 4, Năm 4, Sáu 4, Bảy 3, Tám 3, Chín 3, Mười 2, Út 4, Bé 3, Hoa 3, Lan 3, Cúc 3, Mai 2, Hồng 3, Huệ 3, Sen 2,
        Lệ 2, Liên 2, Thu 2, Xuân 2, Nga 2, Phượng 2, Lài 1, Đào 2, Ánh 2, Nguyệt 3, Hạnh 3, Hiền 2, Thanh 1, Tuyết 2, Dung 2, Ngọc 1, Kiều 1, Nhàn 1, Ngoan 1, Chi 1`),
    },
  },
  {
    before: 1980,
    male: {
      middle: wordsOf(`Văn 42, Thanh 8, Hoàng 8, Minh 8, Quốc 5, Hữu 5, Trung 4, Thành 4, Tấn 3, Ngọc 3, Phước 2, Công 3, Chí 2, Việt 1,
        Quang 2, Hồng 1, Xuân 1, Đức 1`),
      given: wordsOf(`Hùng 5, Dũng 4, Tuấn 5, Sơn 4, Hải 3, Thanh 3, Bình 3, Long 3, Phong 3, Minh 2, Tâm 3, Nghĩa 3, Tùng 3, Cường 4, Khanh 2,
        Hiếu 2, Phương 2, Đông 2, Lâm 2, Nam 2, Tài 3, Lộc 2, Sang 2, Thắng 3, Vũ 2, Trung 2, Quang 2, Khoa 1, Hậu 2, Toàn 3, Thuận 2, Hưng 2, Điền 2,
        Giàu 2, Út 2, Tiến 2, Đạt 1, Liêm 2, Nhân 2, Luân 1, Linh 1, Triều 1, Dương 1, Oanh 0.4, Bé 1, Phú 1, Quý 1, Nhựt 2`),
    },
    female: {
      middle: wordsOf(`Thị 46, Thị Kim 6, Thị Ngọc 6, Thị Hồng 5, Thị Thu 5, Thị Bích 4, Thị Mỹ 4, Kim 3, Ngọc 4, Hồng 3, Thanh 3, Thị Thanh 4,
        Thị Cẩm 2, Thị Tuyết 3, Mỹ 2, Thị Phương 2`),
      given: wordsOf(`Lan 4, Hồng 4, Hương 4, Hạnh 4, Nga 3, Thủy 4, Loan 4, Phượng 4, Liên 3, Vân 3, Mai 3, Dung 3, Hoa 2, Tuyết 2, Nguyệt 2,
        Thảo 2, Trang 2, Hằng 4, Oanh 2, Yến 3, Diễm 2, Kiều 2, Thúy 3, Lệ 2, Phương 3, Xuân 2, Đào 1, Hiền 3, Nhung 2, Ngân 2, Linh 1, Duyên 2, Cúc 2,
        Chi 2, Trinh 2, Thu 3, Bé 1, Út 1, Điệp 1, Gấm 1, Hoàng 0.5`),
    },
  },
  {
    before: 9999,
    male: {
      middle: wordsOf(`Minh 10, Hoàng 9, Quốc 7, Thanh 7, Văn 14, Tuấn 4, Trọng 5, Anh 2, Gia 2, Nhật 2, Đức 3, Duy 4, Hải 3, Khánh 2, Phúc 2, Thiện 2,
        Hữu 4, Trung 5, Chí 4, Thành 5, Ngọc 4, Công 2, Tấn 4, Đăng 2, Bảo 2, Huỳnh 1, Vĩnh 1, Hồng 1`),
      given: wordsOf(`Tuấn 3, Khoa 3, Khang 3, Duy 4, Huy 4, Phúc 3, Đạt 4, Nam 3, Anh 2, Tú 3, Khánh 2, Nhân 3, Toàn 3, Thịnh 3, Trường 2, Vũ 3, Kha 2,
        Tính 2, Linh 2, Hậu 2, Đăng 2, Nguyên 3, Phát 3, Lộc 2, Luân 3, Hiếu 3, Nghĩa 2, Kiệt 3, Tân 2, Thái 2, Thiện 2, Trí 3, Tín 2, Bảo 2, Cường 2,
        Dương 2, Khải 2, Khương 1, Việt 1, Vinh 2, Quân 1, Phong 2, Sang 2, Giang 2, Tài 2, Minh 2, Thông 1, Lợi 1, Hoài 1, Nhựt 2`),
    },
    female: {
      middle: wordsOf(`Thị 12, Thị Mỹ 5, Thị Thùy 4, Thị Kim 5, Ngọc 6, Thị Cẩm 4, Thị Yến 3, Thảo 2, Khánh 2, Phương 3, Bảo 2, Thị Ngọc 6, Thị Hồng 4,
        Thị Bích 4, Thị Thu 3, Mỹ 3, Kim 4, Thanh 4, Hồng 3, Thị Tuyết 2, Thị Trúc 3, Thị Huỳnh 3, Thúy 2, Thùy 3, Cẩm 2, Diễm 2, Huỳnh 1, Quế 1`),
      given: wordsOf(`Linh 4, Trang 4, Ngân 4, Nhi 4, Thảo 4, Như 3, Trân 4, Vy 3, Anh 2, Tiên 4, Duyên 4, Hân 3, Thư 3, Quyên 3, My 3, Ngọc 3, Trâm 4,
        Tuyền 3, Diễm 2, Yến 3, Huyền 3, Phương 3, Oanh 2, Thơ 2, Tươi 1, Mai 2, Nhung 2, Hương 2, Hằng 2, Dung 1, Xuyên 2, Kiều 2, Loan 2, Trinh 3,
        Uyên 2, Giang 1, Chi 2, Ngà 1, Đoan 1, Nguyên 2, Tú 1, Khanh 1`),
    },
  },
]

/** Minh Minh, or Mai Thị Mai: no parent gives them. */
function repeats(name: string): boolean {
  const words = name.split(' ')
  return new Set(words).size < words.length
}

// Hashes of names of well-known people, kept so that the names themselves stand nowhere here.
const wellKnown = new Set([
  44131094, 63509023, 65666477, 73540560, 107296496, 123975603, 170038297, 185785775, 269014141, 291772621, 345748943, 381497808,
  442050098, 452258197, 522475496, 533171660, 554165158, 604641320, 607367617, 619153792, 630164486, 677513291, 679639441, 693842720,
  728723567, 760340051, 782504481, 877997853, 879159388, 892778350, 909117349, 954724205, 1000899500, 1020870887, 1221552492, 1231978115,
  1239965778, 1281420645, 1293017301, 1426644575, 1470761687, 1528120741, 1603544180, 1606179094, 1607195370, 1622445121, 1634781859,
  1672691415, 1716629519, 1727176736, 1733889898, 1757885463, 1776857859, 1810246425, 1816899841, 1888292780, 1903992013, 1932226123,
  1954432875, 1973981670, 1979585736, 2048909344, 2059560867, 2067215535, 2079293876, 2092608120, 2126827269, 2216254240, 2347089081,
  2392628093, 2395068112, 2397038611, 2408041482, 2410121015, 2416423002, 2459727678, 2531111633, 2545706632, 2545924066, 2611038574,
  2648149664, 2707395052, 2760569540, 2771778101, 2824412046, 2869449479, 2872106054, 2891748579, 2925979201, 2949620146, 2959586043,
  2963918563, 3046308634, 3095109679, 3101578840, 3103608748, 3184025946, 3192497953, 3200954562, 3240819758, 3290531869, 3301980296,
  3320184385, 3322338302, 3329763565, 3340766727, 3397718817, 3533938525, 3578119034, 3603696806, 3625860951, 3842022660, 3860774685,
  3895599066, 3914431469, 3918923715, 3954228858, 3959421297, 3978640502, 4029789005, 4118527239, 4142720823, 4144765990, 4152366840,
  4252388722, 4259128773,
])
