const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** A span of milliseconds in its largest two units: 1h 5m, 12s. */
export function spanOf(ms: number): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first === -1) return '0s';
  const [unit, size] = UNITS[first] ?? ['s', 1000];
  const whole = `${Math.floor(ms / size)}${unit}`;
  const next = UNITS[first + 1];
  const rest = next === undefined ? 0 : Math.floor((ms % size) / next[1]);
  return next === undefined || rest === 0 ? whole : `${whole} ${rest}${next[0]}`;
}

/** 1536 as 1.5 kB. */
export function bytesOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1).replace(/\.0$/, '')} ${['B', 'kB', 'MB', 'GB'][power]}`;
}

/** 1234567 as 1,234,567. */
export function countOf(count: number): string {
  return count.toLocaleString('en-US');
}
