/** A whole number as JavaScript counts it exactly, else its text. */
export function exactNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}
