const LONGEST_REASON = 200;
const ADDRESS = /<?[^\s<>@]+@[^\s<>@]+>?/g;

/** The other side's words without addresses: a reason is kept longer than a person's data may be. */
export function reasonFrom(words: string): string {
  return words.replace(ADDRESS, '<address>').replace(/\s+/g, ' ').trim().slice(0, LONGEST_REASON);
}
