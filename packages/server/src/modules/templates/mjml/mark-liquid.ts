import { randomBytes } from 'node:crypto';
import { createLiquid, tagsOf } from '../../../platform/liquid/index.ts';

/** What the mail's links to unsubscribe are made of: it must come through as Liquid does. */
const UNSUBSCRIBE = '[unsubscribe_url]';

const liquid = createLiquid();

/** One piece of Liquid in a source. Lines count from 1. */
export interface Mark {
  readonly text: string;
  readonly line: number;
  /** The word that stands for it while MJML is compiled. */
  readonly word: string;
}

/** A source whose Liquid is out of the compiler's way: `a > b` and quotes in it would end tags and attributes. */
export interface MarkedSource {
  /** With words in the place of Liquid. */
  readonly marked: string;
  /** As long as the source, line by line, with dots in the place of Liquid. */
  readonly masked: string;
  readonly marks: readonly Mark[];
  /** Puts the Liquid back into a text that was made of `marked`. */
  readonly restore: (text: string) => string;
  /** The line of the source that has become this line of `marked`. */
  readonly lineOf: (line: number) => number;
}

/** Takes a template that can be parsed apart into marks and what is between them. */
export function markLiquid(source: string): MarkedSource {
  const key = `lq${randomBytes(8).toString('hex')}n`;
  const marks: Mark[] = [];
  const shifts: { readonly after: number; readonly lines: number }[] = [];
  let marked = '';
  let masked = '';
  let at = 0;
  let line = 1;
  let shifted = 0;
  for (const { begin, end } of placesOf(source)) {
    const before = source.slice(at, begin);
    const text = source.slice(begin, end);
    const word = `${key}${marks.length}q`;
    line += linesIn(before);
    marks.push({ text, line, word });
    const lines = linesIn(text);
    if (lines > 0) shifts.push({ after: line - shifted, lines });
    shifted += lines;
    line += lines;
    marked += before + word;
    masked += before + text.replace(/[^\n]/g, '.');
    at = end;
  }
  marked += source.slice(at);
  masked += source.slice(at);
  const words = new RegExp(`${key}(\\d+)q(="")?`, 'gi');
  return {
    marked,
    masked,
    marks,
    // Whoever parses HTML and writes it again gives an attribute without a value an empty one.
    restore: (text) =>
      text.replace(words, (found, index: string, empty = '') => {
        const { text: liquidText, word } = marks[Number(index)] ?? { text: found, word: found };
        return liquidText + (marked.includes(word + empty) ? empty : '');
      }),
    lineOf: (inMarked) =>
      inMarked + shifts.reduce((sum, { after, lines }) => (after < inMarked ? sum + lines : sum), 0),
  };
}

function placesOf(source: string): { readonly begin: number; readonly end: number }[] {
  const tags = tagsOf(liquid, source);
  const links = [...source.matchAll(/\[unsubscribe_url\]/g)]
    .map(({ index }) => ({ begin: index, end: index + UNSUBSCRIBE.length }))
    .filter(({ begin }) => !tags.some((tag) => tag.begin <= begin && begin < tag.end));
  return [...tags, ...links].toSorted((a, b) => a.begin - b.begin);
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
