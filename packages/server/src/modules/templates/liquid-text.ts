import type { Texts } from './texts.ts';

/** A text that is filled in for each recipient. */
export interface LiquidText {
  /** As the wire calls it. */
  readonly field: string;
  /** Of a field that has a text for each language. */
  readonly language: string | null;
  readonly source: string;
  /** Whether it may have `for` in it. */
  readonly mayLoop: boolean;
}

/** A field with a text for each language, taken apart. */
export function textsOfLanguages(field: string, texts: Texts | undefined, mayLoop: boolean): LiquidText[] {
  return Object.entries(texts ?? {}).map(([language, source]) => ({ field, language, source, mayLoop }));
}

/** Where somebody finds it: `contents.en`. */
export function placeOf({ field, language }: LiquidText): string {
  return language === null ? field : `${field}.${language}`;
}

/** Whether there is anything to fill in: otherwise a text can be judged as it is written. */
export function hasLiquid(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}
