const LONGEST_REASON = 200;
const NUMBER = /\+?\d[\d ()-]{5,}\d/g;

/** A provider's words without the number: a reason is kept longer than a person's data may be. */
export function plainReason(name: string, words: unknown): string {
  if (typeof words !== 'string' || words === '') return name;
  const plain = words.replace(NUMBER, '<number>').replace(/\s+/g, ' ').trim();
  return `${name}: ${plain}`.slice(0, LONGEST_REASON);
}
