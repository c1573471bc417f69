import type { Day } from '../../platform/clock.ts'
import { studyWords } from './study.messages.ts'

export type Signature = { id: string; name: string; birthYear: number | null; isExempt: boolean }
export type SignInRoll = {
  superiorBody: string | null
  issuingBody: string
  place: string | null
  day: Day
  /** What people come to, line by line under the title: "buổi 2, Lớp học …", "Học tập, quán triệt Nghị quyết …". */
  subject: string[]
  /** "19:00–21:00, tại Nhà văn hóa ấp"; empty where neither is known. */
  when: string
  people: Signature[]
}

// Rows of 9.5 mm: what fits under the letterhead of the first sheet, and on those after it.
const first = 18
const next = 24

/**
 * The sheet that people sign at the door, on A4 as it is handed over. Official documents are in Vietnamese whatever the reader's
 * language. Each sheet is a page of its own, so that it has its margins and its number wherever it is printed.
 */
export function RollPrint({ superiorBody, issuingBody, place, day, subject, when, people }: SignInRoll) {
  const t = studyWords.in('vi')
  const [year, month, date] = day.split('-') as [string, string, string]
  const dated = t('printDated', { day: date, month: Number(month) < 3 ? month : String(Number(month)), year })
  const sheets = sheetsOf(people)
  const expected = people.filter((person) => !person.isExempt).length
  return (
    // A4 is wider than a phone, so keys must be able to move it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <main className="signin" tabIndex={0}>
      <title>{t('printTitle')}</title>
      {sheets.map((sheet, index) => (
        <section className="a4" key={sheet.start}>
          {index === 0 && (
            <>
              <div className="lh">
                <div>
                  {superiorBody && (
                    <>
                      {superiorBody.toUpperCase()}
                      <br />
                    </>
                  )}
                  <b>{issuingBody.toUpperCase()}</b>
                  <br />*
                </div>
                <div>
                  <span className="motto">ĐẢNG CỘNG SẢN VIỆT NAM</span>
                  <em>{place ? `${place}, ${dated}` : dated}</em>
                </div>
              </div>
              <div className="title">
                <h1 className="type">{t('printTitle').toUpperCase()}</h1>
                {subject.map((line) => (
                  <div key={line}>{line}</div>
                ))}
                {when && <div className="when">{when}</div>}
                -----
              </div>
            </>
          )}
          <table>
            <thead>
              <tr>
                <th className="tt">TT</th>
                <th>{t('printName')}</th>
                <th className="born">{t('printBorn')}</th>
                <th className="hand">{t('printHand')}</th>
                <th className="rest">{t('printNote')}</th>
              </tr>
            </thead>
            <tbody>
              {sheet.people.map((person, row) => (
                <tr key={person.id}>
                  <td className="mid">{sheet.start + row + 1}</td>
                  <td>{person.name}</td>
                  <td className="mid">{person.birthYear}</td>
                  <td>{'\u00a0'}</td>
                  <td>{person.isExempt && t('exempt')}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="code">{t('printSheet', { sheet: index + 1, sheets: sheets.length, people: expected })}</p>
        </section>
      ))}
    </main>
  )
}

function sheetsOf(people: Signature[]): { start: number; people: Signature[] }[] {
  const sheets = [{ start: 0, people: people.slice(0, first) }]
  for (let start = first; start < people.length; start += next) sheets.push({ start, people: people.slice(start, start + next) })
  return sheets
}
