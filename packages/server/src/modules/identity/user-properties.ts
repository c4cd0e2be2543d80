import type { UpdateUserAnswer, UserPropertiesInput } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import { parseCountry, parseLanguage, parseTimezone } from './locale.ts';
import { parseTags } from './tag.ts';
import { checkText, refuse } from './text-rule.ts';

/** What a request changes about a user; null and absent keys leave what is there. */
export interface PropertyChanges {
  readonly tags: Readonly<Record<string, string>>;
  readonly goneTags: readonly string[];
  readonly language: string | null;
  readonly timezoneId: string | null;
  readonly country: string | null;
  /** The rest, stored as one object under their wire names: lat, long, test_user_name. */
  readonly other: Readonly<Record<string, string | number>>;
  readonly goneOther: readonly string[];
}

export const NO_CHANGES: PropertyChanges = {
  tags: {},
  goneTags: [],
  language: null,
  timezoneId: null,
  country: null,
  other: {},
  goneOther: [],
};

/** Throws ApiError `request-invalid` naming the property, or `tag-limit`. Unknown properties are ignored. */
export function parseProperties(
  input: UserPropertiesInput | null | undefined,
  tagLimit: number,
): PropertyChanges {
  if (input === null || input === undefined) return NO_CHANGES;
  const tags = parseTags(input.tags);
  if (Object.keys(tags.set).length > tagLimit)
    throw new ApiError('tag-limit', { params: { limit: tagLimit } });
  const other: Record<string, string | number> = {};
  const goneOther: string[] = [];
  const name = input.test_user_name ?? null;
  if (name === '') goneOther.push('test_user_name');
  else if (name !== null) other['test_user_name'] = checkText('properties.test_user_name', name, 128);
  setDegrees(other, 'lat', input.lat, 90);
  setDegrees(other, 'long', input.long, 180);
  return {
    tags: tags.set,
    goneTags: tags.remove,
    language: given(input.language, parseLanguage),
    timezoneId: given(input.timezone_id, parseTimezone),
    country: given(input.country, parseCountry),
    other,
    goneOther,
  };
}

/** The applied properties as an update's answer tells them. */
export function presentChanges(changes: PropertyChanges): UpdateUserAnswer['properties'] {
  const tags = {
    ...changes.tags,
    ...Object.fromEntries(changes.goneTags.map((key) => [key, ''])),
  };
  return {
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(changes.language !== null && { language: changes.language }),
    ...(changes.timezoneId !== null && { timezone_id: changes.timezoneId }),
    ...(changes.country !== null && { country: changes.country }),
    ...changes.other,
  };
}

/** Devices send "" for what they do not know. */
function given(value: string | null | undefined, parse: (text: string) => string): string | null {
  return value === null || value === undefined || value.trim() === '' ? null : parse(value);
}

function setDegrees(
  into: Record<string, string | number>,
  key: 'lat' | 'long',
  value: number | null | undefined,
  limit: number,
): void {
  if (value === null || value === undefined) return;
  if (Math.abs(value) > limit) refuse(`properties.${key}`, `must be between -${limit} and ${limit}`, value);
  into[key] = value;
}
