import type { CellType } from '../../config/files.ts';

/** What a cell cannot be. */
export class NotOfType extends Error {}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?$/i;
const TRUE = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0']);

/**
 * The value of a text. Times without a zone are UTC; whole numbers beyond what JavaScript counts exactly stay text.
 *
 * @throws NotOfType naming what the column takes.
 */
export function valueOf(text: string, type: CellType): unknown {
  switch (type) {
    case 'text':
      return text;
    case 'number': {
      const plain = text.trim();
      if (!NUMBER.test(plain)) throw new NotOfType('is a number');
      const number = Number(plain);
      return Number.isInteger(number) && !Number.isSafeInteger(number) ? plain : number;
    }
    case 'boolean': {
      const word = text.trim().toLowerCase();
      if (TRUE.has(word)) return true;
      if (FALSE.has(word)) return false;
      throw new NotOfType('is true or false');
    }
    case 'time': {
      const time = timeOf(text.trim());
      if (time === null) throw new NotOfType('is a time, for instance 2026-02-03T04:05:06Z');
      return time;
    }
    case 'json':
      try {
        return JSON.parse(text) as unknown;
      } catch {
        throw new NotOfType('is JSON');
      }
  }
}

export function timeOf(text: string): Date | null {
  if (!TIME.test(text)) return null;
  const zoned = /(Z|[+-]\d\d(:?\d\d)?)$/i.test(text.slice(10));
  const time = new Date(
    zoned
      ? text.replace(' ', 'T').replace(' ', '')
      : `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`,
  );
  return Number.isNaN(time.getTime()) ? null : time;
}

/** What TypeScript calls it. */
export function typeName(type: CellType): string {
  switch (type) {
    case 'text':
      return 'string';
    case 'number':
      return 'number | string';
    case 'boolean':
      return 'boolean';
    case 'time':
      return 'Date';
    case 'json':
      return 'unknown';
  }
}
