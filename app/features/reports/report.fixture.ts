import { count, rate } from '../../figures/figure.ts'
import type { Report, ReportUnit, Tally } from './report.ts'

/** A report with the numbers of the demonstration city as of 30 June 2021; units and parts are made to add up to them. */
export function cityReport(): Report {
  return {
    campaign: {
      code: 'nq-dai-hoi-xiii',
      name: 'Học tập, quán triệt Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng',
      studyFrom: '2021-03-27',
      studyTo: '2021-06-30',
      openedOn: '2021-03-22',
      exemptExpected: false,
    },
    unit: { id: 'can-tho', code: 'can-tho', name: 'Thành ủy Cần Thơ', kind: 'city_committee', organisationName: 'Đảng bộ thành phố Cần Thơ', symbol: 'TU', place: 'Cần Thơ' },
    superior: null,
    asOf: '2021-06-30',
    resolution: null,
    figures: [
      rate('studied', 49_901, 50_424, 'expected'),
      rate('studied-at-national-conference', 10_806, 50_424, 'expected'),
      rate('exempt', 1_207, 51_631, 'on-roster'),
      rate('studied-declared', 600, 49_901, 'studied'),
      count('attendances', 98_214),
      count('non-member-attendances', 12_930),
    ],
    total: { expected: 50_424, studied: 49_901, exempt: 1_207, declared: 600 },
    units: [
      unit('khoi-doanh-nghiep', 'Đảng ủy Khối Doanh nghiệp', 'attached_committee', 2_624, 130, 38, 188),
      unit('thot-not', 'Quận ủy Thốt Nốt', 'district_committee', 4_317, 64, 110, 412),
      unit('thoi-lai', 'Huyện ủy Thới Lai', 'district_committee', 3_391, 48, 95),
      unit('cai-rang', 'Quận ủy Cái Răng', 'district_committee', 3_574, 45, 92),
      unit('khoi-co-quan', 'Đảng ủy Khối Cơ quan', 'attached_committee', 4_127, 48, 84),
      unit('dai-hoc-can-tho', 'Đảng ủy Trường Đại học Cần Thơ', 'attached_committee', 1_084, 12, 20),
      unit('phong-dien', 'Huyện ủy Phong Điền', 'district_committee', 3_215, 33, 83),
      unit('o-mon', 'Quận ủy Ô Môn', 'district_committee', 4_028, 30, 101),
      unit('binh-thuy', 'Quận ủy Bình Thủy', 'district_committee', 4_186, 29, 108),
      unit('ninh-kieu', 'Quận ủy Ninh Kiều', 'district_committee', 9_412, 65, 260),
      unit('co-do', 'Huyện ủy Cờ Đỏ', 'district_committee', 3_462, 13, 90),
      unit('vinh-thanh', 'Huyện ủy Vĩnh Thạnh', 'district_committee', 2_934, 5, 72),
      unit('y-duoc', 'Đảng ủy Trường Đại học Y Dược Cần Thơ', 'attached_committee', 612, 1, 12),
      unit('cong-an', 'Đảng ủy Công an thành phố', 'attached_committee', 1_972, 0, 22),
      unit('quan-su', 'Đảng ủy Quân sự thành phố', 'attached_committee', 1_486, 0, 20),
    ],
    otherUnits: null,
    categories: [
      { key: 'retired', name: 'Cán bộ hưu trí', expected: 1_041, studied: 1_026 },
      { key: 'other', name: 'Đảng viên khác tại chi bộ', expected: 39_240, studied: 38_753 },
      { key: 'artists', name: 'Văn nghệ sĩ, trí thức', expected: 2_889, studied: 2_873 },
      { key: 'grassroots', name: 'Cán bộ chủ chốt cấp cơ sở', expected: 5_322, studied: 5_317 },
      { key: 'key', name: 'Cán bộ chủ chốt cấp thành phố, quận, huyện', expected: 1_248, studied: 1_248 },
      { key: 'reporters', name: 'Báo cáo viên, phóng viên, biên tập viên', expected: 684, studied: 684 },
    ],
    kinds: [
      { kind: 'national_conference', studied: 10_806, sessions: 1, venues: 102 },
      { kind: 'conference', studied: 12_418, sessions: 31, venues: 58 },
      { kind: 'class', studied: 24_305, sessions: 846, venues: 846 },
      { kind: 'make_up_class', studied: 1_772, sessions: 73, venues: 73 },
      { kind: 'declared', studied: 600, sessions: 0, venues: 0 },
    ],
    resolutions: [{ code: 'nq-xiii', name: 'Nghị quyết Đại hội đại biểu toàn quốc lần thứ XIII của Đảng', studied: 49_901 }],
    exemptReasons: [
      { reason: 'Tuổi cao, sức yếu', people: 684 },
      { reason: 'Ốm đau, điều trị dài ngày', people: 391 },
      { reason: 'Đi làm ăn xa, nơi ở không ổn định', people: 132 },
    ],
    curve: [
      ['2021-03-28', 10_806],
      ['2021-04-11', 16_930],
      ['2021-04-25', 24_871],
      ['2021-05-09', 31_204],
      ['2021-05-23', 36_588],
      ['2021-06-06', 42_015],
      ['2021-06-20', 47_362],
      ['2021-06-30', 49_901],
    ].map(([day, studied]) => ({ day: day as string, studied: studied as number, expected: 50_424 })),
  }
}

function unit(code: string, name: string, kind: string, expected: number, missing: number, exempt: number, declared = 0): ReportUnit & Tally {
  return { id: code, code, name, kind, expected, studied: expected - missing, exempt, declared }
}
