import { describe, expect, test } from 'vitest'
import { problemsOf } from '../../web/problems.ts'
import { DutyRuleInput } from './duties.schema.ts'

const rule = { unitCode: 'can-tho', campaignCode: 'nq-xiii', kind: 'document', title: 'Ban hành kế hoạch', who: 'all', documentType: 'plan', dueMode: 'day', dueOn: '30/4/2021' }
const id = '0198c0de-0000-7000-8000-000000000001'

describe('a rule', () => {
  test('is read as it is typed', () => {
    expect(DutyRuleInput.parse({ ...rule, kinds: 'cell', includesSelf: 'on', lateNoticeDays: '' })).toMatchObject({ dueOn: '2021-04-30', kinds: ['cell'], includesSelf: true, directOnly: false, lateNoticeDays: undefined })
  })

  test.each([
    ['a day', { dueOn: '' }, { dueOn: 'Ghi ngày phải xong.' }],
    ['a day of the calendar', { dueOn: '31/2/2021' }, { dueOn: expect.stringContaining('ngày') }],
    ['a number of days', { dueMode: 'after_superior' }, { dueDays: 'Ghi số ngày, từ 0 đến 1.000.' }],
    ['a number of days that there can be', { dueMode: 'after_superior', dueDays: '-1' }, { dueDays: expect.any(String) }],
    ['a basis to count from', { dueMode: 'after_basis', dueDays: '5' }, { basisId: expect.stringContaining('căn cứ') }],
    ['a type of document', { documentType: '' }, { documentType: 'Chọn loại văn bản phải ban hành.' }],
    ['kinds where kinds are named', { who: 'kinds' }, { kinds: 'Chọn ít nhất một loại đơn vị.' }],
    ['months in order', { dueMode: 'monthly', dueMonthday: '5', fromOn: '1/6/2021', untilOn: '1/5/2021' }, { untilOn: 'Ngày kết thúc phải sau ngày bắt đầu.' }],
    ['a day of the month', { dueMode: 'monthly', dueMonthday: '32', fromOn: '1/6/2021', untilOn: '1/7/2021' }, { dueMonthday: expect.any(String) }],
    ['ten years at most', { dueMode: 'monthly', dueMonthday: '5', fromOn: '1/6/2021', untilOn: '1/6/2041' }, { untilOn: 'Một quy định hằng tháng kéo dài nhiều nhất mười năm.' }],
    ['a study that is not monthly', { kind: 'study', dueMode: 'monthly', dueMonthday: '5', fromOn: '1/6/2021', untilOn: '1/7/2021' }, { dueMode: expect.any(String) }],
    ['a round or a form', { kind: 'report' }, { roundId: expect.any(String) }],
    ['not both', { kind: 'report', roundId: id, formId: id }, { roundId: expect.any(String) }],
    ['a form for every month', { kind: 'report', roundId: id, dueMode: 'monthly', dueMonthday: '5', fromOn: '1/6/2021', untilOn: '1/7/2021' }, { formId: expect.any(String) }],
  ])('needs %s', (_, said, problems) => {
    expect(problemsOf(DutyRuleInput, { ...rule, ...said }, 'vi').problems).toEqual(problems)
  })
})
