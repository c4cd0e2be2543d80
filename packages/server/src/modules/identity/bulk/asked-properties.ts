import type { PropertyChanges } from '../user-properties.ts';

/** What changes, and nothing of what does not, for the database's functions: they read every key. */
export function askedOf(changes: PropertyChanges) {
  const { tags, goneTags, language, timezoneId, country, other, goneOther } = changes;
  return {
    tags,
    gone_tags: goneTags.length > 0 ? goneTags : undefined,
    language: language ?? undefined,
    timezone_id: timezoneId ?? undefined,
    country: country ?? undefined,
    properties: isEmpty(other) ? undefined : other,
    gone_properties: goneOther.length > 0 ? goneOther : undefined,
  };
}

export function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
