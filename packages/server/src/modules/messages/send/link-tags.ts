import type { Utm } from '@carillon/wire';

const NAMES = ['source', 'medium', 'campaign', 'term', 'content'] as const satisfies readonly (keyof Utm)[];

/** As it stands in an address: `utm_source=shop&utm_medium=email`. Null when there is nothing to carry. */
export function linkTagsOf(utm: Utm): string | null {
  const tags = NAMES.flatMap((name) => {
    const value = utm[name] ?? null;
    return value === null ? [] : [`utm_${name}=${encodeURIComponent(value)}`];
  });
  return tags.length === 0 ? null : tags.join('&');
}
