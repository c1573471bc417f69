/**
 * Kinds of documents: the abbreviation in the number, and the name printed above the abstract. `state` is the State's
 * abbreviation where it differs. An official letter has no name, and in the State's grammar no abbreviation either.
 */
export const documentTypes = {
  resolution: { abbreviation: 'NQ', name: 'NGHỊ QUYẾT' },
  decision: { abbreviation: 'QĐ', name: 'QUYẾT ĐỊNH' },
  regulation: { abbreviation: 'QĐ', state: 'QyĐ', name: 'QUY ĐỊNH' },
  directive: { abbreviation: 'CT', name: 'CHỈ THỊ' },
  conclusion: { abbreviation: 'KL', name: 'KẾT LUẬN' },
  rules: { abbreviation: 'QC', name: 'QUY CHẾ' },
  circular: { abbreviation: 'TT', name: 'THÔNG TRI' },
  guidance: { abbreviation: 'HD', name: 'HƯỚNG DẪN' },
  notice: { abbreviation: 'TB', name: 'THÔNG BÁO' },
  report: { abbreviation: 'BC', name: 'BÁO CÁO' },
  plan: { abbreviation: 'KH', name: 'KẾ HOẠCH' },
  programme: { abbreviation: 'CTr', name: 'CHƯƠNG TRÌNH' },
  action_programme: { abbreviation: 'CTr', name: 'CHƯƠNG TRÌNH HÀNH ĐỘNG' },
  project: { abbreviation: 'ĐA', name: 'ĐỀ ÁN' },
  scheme: { abbreviation: 'PA', name: 'PHƯƠNG ÁN' },
  submission: { abbreviation: 'TTr', name: 'TỜ TRÌNH' },
  invitation: { abbreviation: 'GM', name: 'GIẤY MỜI' },
  official_letter: { abbreviation: 'CV', state: '', name: 'CÔNG VĂN' },
  minutes: { abbreviation: 'BB', name: 'BIÊN BẢN' },
  copy: { abbreviation: 'BS', name: 'BẢN SAO' },
} as const satisfies Record<string, { abbreviation: string; state?: string; name: string }>

export type DocumentType = keyof typeof documentTypes
