import { wrong } from './wrong-field.ts';

/** Percent of everybody as parts of 10,000. Throws ApiError unless it is above 0, and at most `most`, by hundredths. */
export function parsePercent(field: string, percent: number, most: number): number {
  const parts = Math.round(percent * 100);
  // 0.07 * 100 is a little more than 7.
  const isWhole = Math.abs(percent * 100 - parts) < 1e-6;
  if (isWhole && parts >= 1 && percent <= most) return parts;
  throw wrong(
    field,
    `must be a number from 0.01 to ${most} with at most two decimals, such as 10 or 2.5; ${percent} is not`,
  );
}
