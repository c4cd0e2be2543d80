/** Language to text: `{"en": "Hello", "de": "Hallo"}`. */
export type Texts = Readonly<Record<string, string>>;

/** What those get whose own language is not there. */
export const FALL_BACK = 'en';

/**
 * The language of `texts` for a reader of `language`: that one, or the one it is a kind of (`pt` for `pt-BR`),
 * or English. Undefined when none of them is there.
 */
export function chooseLanguage(texts: Texts, language: string | null): string | undefined {
  const wanted = language === null ? [] : [language, language.split(/[-_]/, 1)[0] ?? ''];
  return [...wanted, FALL_BACK].find((one) => Object.hasOwn(texts, one) && texts[one] !== '');
}
