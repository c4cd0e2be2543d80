import { ConfigInvalid } from './config-invalid.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** '90s', '2h' and the like in milliseconds. `field` is named in the complaint. */
export function parseDuration(field: string, text: string): number {
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = UNITS[unit ?? ''];
  if (amount === undefined || factor === undefined) {
    throw new ConfigInvalid(field, `is a whole number and ms, s, m, h or d, such as 2h; it is "${text}"`);
  }
  return Number(amount) * factor;
}
