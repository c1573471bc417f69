import { expect, test } from 'vitest'
import { faultsOf, unusedKeys } from './words.ts'

test('two languages that say the same have no fault', () => {
  const vi = { save: 'Lưu điểm danh', people_one: '{count} người', people_other: '{count} người', file: 'Tải tệp DOCX (17-KH/TU) về máy, gửi qua email' }
  const en = { save: 'Save the roll', people_one: 'One person', people_other: '{count} people', file: 'Download' }
  expect(faultsOf(vi, en)).toEqual([])
})

test.each([
  [{}, { save: 'Save' }, '"save" is missing in Vietnamese'],
  [{ save: 'Lưu' }, {}, '"save" is missing in English'],
  [{ save: ' ' }, { save: 'Save' }, '"save" is empty'],
  [{ late: '{name} đi muộn' }, { late: '{person} is late' }, '"late" has other placeholders in Vietnamese (name) than in English (person)'],
  [{ save: 'Lưu lại'.normalize('NFD') }, { save: 'Save' }, '"save" is not NFC in Vietnamese'],
  [{ save: 'Save điểm danh and close' }, { save: 'Save' }, '"save" has words in Vietnamese that are none: Save, and, close'],
  [{ people_other: 'người' }, { people_other: 'people' }, '"people_other" lacks its twin "people_one"'],
])('the fault of %j against %j is told', (vi, en, fault) => {
  expect(faultsOf(vi as Record<string, string>, en as Record<string, string>)).toEqual([fault])
})

test('a key counts as used by its name, as a key of an object, or by a template that can make it', () => {
  const sources = "t('save'); const labels = { present: 1 }; t(`kind_${kind}`); t(`${anything}`)"
  const catalogue = { save: '', present: '', kind_class: '', people_one: '', close: '' }
  expect(unusedKeys(catalogue, sources)).toEqual(['people_one', 'close'])
})
