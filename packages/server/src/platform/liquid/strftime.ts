/** A moment as the clocks of one place show it. */
export interface WallTime {
  /** Its UTC fields are what the wall shows. */
  readonly wall: Date;
  /** Minutes east of Greenwich. */
  readonly offset: number;
  /** Seconds since the epoch. */
  readonly seconds: number;
}

type Part = string | ((time: WallTime) => string);

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Padding a width that a template asks for, up to this: `%9999999d` must not fill the memory. */
const WIDEST = 32;

/** A directive: how its value is found, how wide it is, and what fills it. */
type Directive = readonly [value: (time: WallTime) => string | number, width?: number, fill?: string];

const hour12 = ({ wall }: WallTime) => wall.getUTCHours() % 12 || 12;
const dayName = ({ wall }: WallTime) => DAYS[wall.getUTCDay()] ?? '';
const monthName = ({ wall }: WallTime) => MONTHS[wall.getUTCMonth()] ?? '';
const half = ({ wall }: WallTime) => (wall.getUTCHours() < 12 ? 'AM' : 'PM');

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  Y: [({ wall }) => wall.getUTCFullYear(), 4, '0'],
  C: [({ wall }) => Math.floor(wall.getUTCFullYear() / 100), 2, '0'],
  y: [({ wall }) => wall.getUTCFullYear() % 100, 2, '0'],
  m: [({ wall }) => wall.getUTCMonth() + 1, 2, '0'],
  B: [monthName],
  b: [(time) => monthName(time).slice(0, 3)],
  h: [(time) => monthName(time).slice(0, 3)],
  d: [({ wall }) => wall.getUTCDate(), 2, '0'],
  e: [({ wall }) => wall.getUTCDate(), 2, ' '],
  j: [({ wall }) => dayOfYear(wall), 3, '0'],
  H: [({ wall }) => wall.getUTCHours(), 2, '0'],
  k: [({ wall }) => wall.getUTCHours(), 2, ' '],
  I: [hour12, 2, '0'],
  l: [hour12, 2, ' '],
  M: [({ wall }) => wall.getUTCMinutes(), 2, '0'],
  S: [({ wall }) => wall.getUTCSeconds(), 2, '0'],
  L: [({ wall }) => wall.getUTCMilliseconds(), 3, '0'],
  p: [half],
  P: [(time) => half(time).toLowerCase()],
  A: [dayName],
  a: [(time) => dayName(time).slice(0, 3)],
  u: [({ wall }) => wall.getUTCDay() || 7],
  w: [({ wall }) => wall.getUTCDay()],
  U: [({ wall }) => Math.floor((dayOfYear(wall) + 6 - wall.getUTCDay()) / 7), 2, '0'],
  W: [({ wall }) => Math.floor((dayOfYear(wall) + 6 - ((wall.getUTCDay() + 6) % 7)) / 7), 2, '0'],
  s: [({ seconds }) => seconds],
  z: [({ offset }) => zone(offset, '')],
  Z: [({ offset }) => (offset === 0 ? 'UTC' : zone(offset, ':'))],
  n: [() => '\n'],
  t: [() => '\t'],
  '%': [() => '%'],
};

/** Directives that stand for others. */
const SHORT: Readonly<Record<string, string>> = {
  D: '%m/%d/%y',
  x: '%m/%d/%y',
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  c: '%a %b %e %H:%M:%S %Y',
};

/**
 * Compiles a format of Ruby's strftime. Flags `-` no padding, `0` and `_` another padding, `^` upper
 * case, `:` a colon in `%z`; a width may follow. What is not a directive stays as it is written.
 */
export function compileFormat(format: string): (time: WallTime) => string {
  const parts: Part[] = [];
  let end = 0;
  for (const match of format.matchAll(/%([-0_^:]*)(\d*)([a-zA-Z%])/g)) {
    const [whole, flags = '', width = '', letter = ''] = match;
    parts.push(format.slice(end, match.index), partOf(letter, flags, width) ?? whole);
    end = match.index + whole.length;
  }
  parts.push(format.slice(end));
  return (time) => parts.map((part) => (typeof part === 'string' ? part : part(time))).join('');
}

function partOf(letter: string, flags: string, width: string): Part | undefined {
  const short = SHORT[letter];
  if (short !== undefined) return compileFormat(short);
  if (letter === 'z' && flags.includes(':')) return ({ offset }) => zone(offset, ':');
  const directive = DIRECTIVES[letter];
  if (directive === undefined) return undefined;
  const [value, usual = 0, usualFill = ' '] = directive;
  const fill = flags.includes('0') ? '0' : flags.includes('_') ? ' ' : usualFill;
  const wide = flags.includes('-') ? 0 : Math.min(width === '' ? usual : Number(width), WIDEST);
  const upper = flags.includes('^');
  return (time) => {
    const text = String(value(time)).padStart(wide, fill);
    return upper ? text.toUpperCase() : text;
  };
}

function dayOfYear(wall: Date): number {
  const start = Date.UTC(wall.getUTCFullYear(), 0, 1);
  return Math.floor((wall.getTime() - start) / 86_400_000) + 1;
}

function zone(offset: number, colon: string): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}${colon}${twoDigits(minutes % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
