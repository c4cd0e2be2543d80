import type { Channel, UserSearchQuery } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { parseMoment } from '../../../platform/http/parse-moment.ts';
import { parseToken } from '../address.ts';
import { parseAddress } from '../alias.ts';
import type { UserAddress } from '../alias.ts';
import { parseCountry, parseLanguage } from '../locale.ts';
import { checkText, refuse } from '../text-rule.ts';

/** What a search asks for: all of it must be true of a user. */
export interface UserSearch {
  /** Filters that an index answers, each with one user at most. */
  readonly exact: readonly ExactFilter[];
  readonly externalIdPrefix: string | null;
  readonly filters: UserFilters;
}

export type ExactFilter =
  | UserAddress
  | { readonly by: 'token'; readonly type: 'Email' | 'SMS'; readonly token: string };

/** What is asked of each user that is looked at. Times are in milliseconds, and excluded themselves. */
export interface UserFilters {
  readonly language: string | null;
  readonly country: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly tagKeys: readonly string[];
  readonly testUsers: boolean;
  readonly activeAfter: number | null;
  readonly activeBefore: number | null;
  readonly createdAfter: number | null;
  readonly createdBefore: number | null;
  readonly subscribedTo: Channel | null;
}

const LONGEST = 1_024;

/** Throws ApiError `request-invalid` or `request-1` naming the parameter. */
export function parseUserSearch(query: UserSearchQuery): UserSearch {
  const tags = (query.tag ?? []).map(parseTagFilter);
  return {
    exact: [
      ...given(query.external_id, (value) => alias('external_id', text('external_id', value))),
      ...(query.alias ?? []).map(parseAliasFilter),
      ...given(query.email, (value) => token('Email', 'email', value)),
      ...given(query.phone_number, (value) => token('SMS', 'phone_number', value)),
    ],
    externalIdPrefix:
      query.external_id_prefix === undefined ? null : text('external_id_prefix', query.external_id_prefix),
    filters: {
      language: given(query.language, (value) => as('language', () => parseLanguage(value)))[0] ?? null,
      country: given(query.country, (value) => as('country', () => parseCountry(value)))[0] ?? null,
      tags: tagValues(tags),
      tagKeys: tags.flatMap(({ key, value }) => (value === null ? [key] : [])),
      testUsers: query.test_users ?? false,
      activeAfter: momentOf('last_active_after', query.last_active_after),
      activeBefore: momentOf('last_active_before', query.last_active_before),
      createdAfter: momentOf('created_after', query.created_after),
      createdBefore: momentOf('created_before', query.created_before),
      subscribedTo: query.subscribed_to ?? null,
    },
  };
}

function parseAliasFilter(value: string): UserAddress {
  const colon = value.indexOf(':');
  if (colon < 1)
    refuse('alias', 'must be a label and a value with a colon between them, such as crm_id:C-17');
  return alias(value.slice(0, colon), text('alias', value.slice(colon + 1)));
}

function alias(label: string, value: string): UserAddress {
  return parseAddress(label, value);
}

function token(type: 'Email' | 'SMS', parameter: string, value: string): ExactFilter {
  return { by: 'token', type, token: as(parameter, () => parseToken(type, value)) };
}

interface TagFilter {
  readonly key: string;
  /** Null for any value. */
  readonly value: string | null;
}

function tagValues(tags: readonly TagFilter[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const { key, value } of tags) {
    if (value === null) continue;
    const other = values.get(key) ?? value;
    if (other !== value) refuse('tag', `asks for two values of "${key}", and a user has one: ask twice`);
    values.set(key, value);
  }
  return Object.fromEntries(values);
}

function parseTagFilter(value: string): TagFilter {
  const equals = value.indexOf('=');
  const key = equals < 0 ? value : value.slice(0, equals);
  text('tag', key);
  return { key, value: equals < 0 ? null : checkText('tag', value.slice(equals + 1), LONGEST) };
}

/** A filter that is there and empty is a mistake: it would find everybody. */
function text(parameter: string, value: string): string {
  if (value === '') refuse(parameter, 'must not be empty: leave it away to find users whatever it is');
  return checkText(parameter, value, LONGEST);
}

function momentOf(parameter: string, value: string | undefined): number | null {
  return value === undefined ? null : parseMoment(parameter, value);
}

function given<Value>(value: string | undefined, parse: (value: string) => Value): Value[] {
  return value === undefined ? [] : [parse(value)];
}

/** The rules of properties and addresses, under the name of the parameter. */
function as<Value>(parameter: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'request-invalid') throw error;
    const rule = error.message.slice(error.message.indexOf(' ') + 1);
    throw new ApiError('request-invalid', { params: { field: parameter, rule }, cause: error });
  }
}
