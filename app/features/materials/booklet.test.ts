import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBooklet, writeBooklet, type BookletQuestion } from './booklet.server.ts'

test('a booklet as it is printed is read question by question, with its parts', () => {
  const text = `SÁCH HỎI - ĐÁP
Phần I. Những vấn đề chung

Câu hỏi 1: Đại hội họp ở đâu?
Trả lời: Họp ở Hà Nội.

1. Ý thứ nhất.
2. Ý thứ hai.

Câu 2. Đại hội thông qua
những văn kiện nào?
Đại hội thông qua nghị quyết.
Phần II. Nhiệm vụ
Hỏi: Chi bộ làm gì trước?
Đáp: Lập kế hoạch.
Mục đích là để mọi người cùng biết.`
  expect(readBooklet(text)).toEqual({
    questions: [
      { part: 'Phần I. Những vấn đề chung', question: 'Đại hội họp ở đâu?', answer: 'Họp ở Hà Nội.\n\n1. Ý thứ nhất.\n2. Ý thứ hai.' },
      { part: 'Phần I. Những vấn đề chung', question: 'Đại hội thông qua những văn kiện nào?', answer: 'Đại hội thông qua nghị quyết.' },
      { part: 'Phần II. Nhiệm vụ', question: 'Chi bộ làm gì trước?', answer: 'Lập kế hoạch.\nMục đích là để mọi người cùng biết.' },
    ],
    unanswered: [],
  })
})

test('text typed on a Mac, letters and marks apart, reads the same', () => {
  expect(readBooklet('Câu 1. Thế nào là tự phê bình?\nTrả lời: Là tự soi.'.normalize('NFD')).questions).toEqual([{ part: null, question: 'Thế nào là tự phê bình?', answer: 'Là tự soi.' }])
})

test('a question that nothing answers is named, not made up', () => {
  expect(readBooklet('Câu 1. Ai làm?\nCâu 2. Khi nào?\nTrả lời: Tháng 6.')).toEqual({ questions: [{ part: null, question: 'Khi nào?', answer: 'Tháng 6.' }], unanswered: ['Ai làm?'] })
  expect(readBooklet('Chỉ là một đoạn văn, không có câu hỏi.')).toEqual({ questions: [], unanswered: [] })
})

const word = fc.constantFrom('nghị', 'quyết', 'đảng', 'viên', 'học', 'tập', 'kế', 'hoạch', 'ủy', 'ban', '2021', '49.901')
const line = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '))
const booklet: fc.Arbitrary<BookletQuestion[]> = fc.array(
  fc.record({ part: fc.option(line.map((text) => `Phần I. ${text}`)), question: line.map((text) => `${text}?`), answer: fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n')) }),
  { minLength: 1, maxLength: 12 },
)

test('what is written as a booklet is read back', () =>
  fc.assert(
    fc.property(booklet, (questions) => {
      // a part goes on until the next one
      const parts = questions.map((_, index) => questions.slice(0, index + 1).findLast((one) => one.part !== null)?.part ?? null)
      const expected = questions.map((one, index) => ({ ...one, part: parts[index]! }))
      expect(readBooklet(writeBooklet(expected))).toEqual({ questions: expected, unanswered: [] })
    }),
  ))
