/** One question of a booklet with its answer; `part` is the heading it stands under. */
export type BookletQuestion = { part: string | null; question: string; answer: string }

/** What was read out of a booklet's text; `unanswered` are the questions that no answer follows. */
export type Booklet = { questions: BookletQuestion[]; unanswered: string[] }

const asks = /^(?:câu(?:\s+hỏi)?\s*(?:số\s*)?\d+\s*[.:)\-–]?|hỏi\s*[:.]|question\s*\d*\s*[.:)])\s*/iu
const answers = /^(?:trả\s+lời|đáp|answer)\s*[.:]\s*/iu
const heads = /^(?:phần|chương|mục|part|chapter)\s+(?:thứ\s+)?[\p{L}\d]+\s*[.:–-]?\s*/iu

/**
 * Reads a booklet of questions and answers as such booklets are written: `Câu 1. … ?`, then `Trả lời: …` or, without that word, the
 * lines after the one that ends the question. Headings are lines such as `Phần I. …` or `I. …` that stand before a question. Text before
 * the first question belongs to none.
 */
export function readBooklet(text: string): Booklet {
  const booklet: Booklet = { questions: [], unanswered: [] }
  let part: string | null = null
  let open: { part: string | null; question: string[]; answer: string[]; isAnswering: boolean } | null = null
  const close = () => {
    if (!open) return
    const question = open.question.join(' ').trim()
    const answer = open.answer.join('\n').replace(/\n{3,}/g, '\n\n').trim()
    if (question && answer) booklet.questions.push({ part: open.part, question, answer })
    else if (question) booklet.unanswered.push(question)
    open = null
  }
  const lines = text.normalize('NFC').split(/\r?\n/)
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    if (asks.test(line)) {
      close()
      const question = line.replace(asks, '')
      open = { part, question: question ? [question] : [], answer: [], isAnswering: endsQuestion(question) }
    } else if (isHeading(line, lines.slice(index + 1))) {
      close()
      part = line
    } else if (open && answers.test(line)) {
      open.isAnswering = true
      const answer = line.replace(answers, '')
      if (answer) open.answer.push(answer)
    } else if (open?.isAnswering) {
      open.answer.push(line)
    } else if (open && line) {
      open.question.push(line)
      open.isAnswering = endsQuestion(line)
    }
  }
  close()
  return booklet
}

/** The same booklet as text that readBooklet reads back. */
export function writeBooklet(questions: BookletQuestion[]): string {
  return questions
    .map(({ part, question, answer }, index) => [...(part && part !== questions[index - 1]?.part ? [part, ''] : []), `Câu ${index + 1}. ${question}`, `Trả lời: ${answer}`].join('\n'))
    .join('\n\n')
}

const endsQuestion = (line: string) => /[?？]\s*$/.test(line)

// A numbered line inside an answer is part of it: only one that a question follows is a heading.
function isHeading(line: string, following: string[]): boolean {
  if (!heads.test(line) && !/^[IVXLC]+\s*[.–-]\s+\S/u.test(line)) return false
  const next = following.find((one) => one.trim() !== '')?.trim()
  return next !== undefined && asks.test(next)
}
