/** Stands for a secret where an app is read: sent back, it changes nothing. */
export const MASK = '********';

export function isMasked(value: string): boolean {
  return value === MASK;
}
