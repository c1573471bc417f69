import { createInstance } from 'i18next'

export const languages = ['vi', 'en'] as const
export type Language = (typeof languages)[number]

/** A sentence that is said once the reader's language is known. */
export type Sentence = (language: Language) => string

type Values = Record<string, string | number>
/** i18next's plural forms share one key: `people_one` and `people_other` are asked for as `people`. */
type KeyOf<Catalogue> = keyof Catalogue extends infer Key
  ? Key extends `${infer Stem}_one` | `${infer Stem}_other`
    ? Stem
    : Key extends string
      ? Key
      : never
  : never

/** Says a text of one catalogue in one language. */
export type Say<Catalogue> = (key: KeyOf<Catalogue>, values?: Values) => string

// made once: making one takes longer than writing a hundred numbers with it, and a page says hundreds of sentences
const styles = { vi: new Intl.NumberFormat('vi-VN'), en: new Intl.NumberFormat('en-GB') }

/** A number is a count and is written as one, 1.061; what is no count, like a year, is given as text. */
function written(values: Values, language: Language): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? styles[language].format(value) : value]))
}

/**
 * The words of one room or feature, in both languages.
 * `in(language)` gives the function that pages call; `say(key, values)` a sentence for errors.
 * A value called `count` chooses the plural in English; Vietnamese has none.
 */
export function messages<const Catalogue extends Record<string, string>>(catalogues: { vi: Catalogue; en: { [Key in string]: string } }) {
  const instance = createInstance()
  void instance.init({
    initAsync: false,
    lng: 'vi',
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, prefix: '{', suffix: '}' }, // React escapes
    resources: { vi: { translation: catalogues.vi }, en: { translation: catalogues.en } },
  })
  const say = (key: string, language: Language, values: Values): string =>
    // the count itself chooses the plural, its written form stands in the text
    instance.t(key as never, { lng: language, count: values['count'], replace: written(values, language) } as never) as unknown as string
  // what holds no value is looked up once: a table says the same few words in every row
  const plain = { vi: new Map<string, string>(), en: new Map<string, string>() }
  const sayPlain = (key: string, language: Language): string => {
    const known = plain[language].get(key) ?? say(key, language, {})
    plain[language].set(key, known)
    return known
  }
  const inLanguage =
    (language: Language): Say<Catalogue> =>
    (key, values) =>
      values === undefined ? sayPlain(key, language) : say(key, language, values)
  return {
    in: inLanguage,
    say:
      (key: KeyOf<Catalogue>, values?: Values): Sentence =>
      (language) =>
        inLanguage(language)(key, values),
    catalogues,
  }
}
