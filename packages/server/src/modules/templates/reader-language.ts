import type { Content } from './content.ts';
import { textsOfContent } from './texts-of-content.ts';
import { FALL_BACK } from './texts.ts';

/** The languages that a content has besides the one that stands for all others. */
export function languagesOf(content: Content): ReadonlySet<string> {
  const languages = textsOfContent(content).flatMap(({ language }) => language ?? []);
  return new Set(languages.filter((language) => language !== FALL_BACK));
}

/**
 * Of `languages` the one for a reader of `language`: that one, or the one it is a kind of (`pt` for `pt-BR`). Null
 * for all others, who read the same.
 */
export function readerLanguage(languages: ReadonlySet<string>, language: string | null): string | null {
  if (language === null || languages.size === 0) return null;
  return [language, language.split(/[-_]/, 1)[0] ?? ''].find((one) => languages.has(one)) ?? null;
}
