import type { CreateMessageBody } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isUuid } from '../../../platform/ids.ts';
import type { Audience } from '../../audience/index.ts';
import { isEmailAddress, parseEmail } from '../../identity/index.ts';
import { wrong } from '../wrong-field.ts';
import { parseAudience } from './parse-audience.ts';
import { parsePlatforms } from './parse-platforms.ts';

/** Who is meant: exactly one way a request. */
export type Targeting =
  | { readonly kind: 'aliases'; readonly aliases: Readonly<Record<string, readonly string[]>> }
  | { readonly kind: 'subscriptions'; readonly ids: readonly string[] }
  /** In the one spelling; unknown ones are subscribed. */
  | { readonly kind: 'emails'; readonly emails: readonly string[] }
  /** Found as the message goes out, lane by lane: null for every subscription of the channel that can be reached. */
  | {
      readonly kind: 'audience';
      readonly audience: Audience | null;
      /** What the request may not have meant. */
      readonly warnings: readonly string[];
    };

const MOST_TARGETS = 20_000;

/** Fields that say who is meant; those in one line are names of the same. */
const WAYS = [
  ['include_aliases', 'include_external_user_ids'],
  ['include_subscription_ids', 'include_player_ids'],
  ['email_to', 'include_email_tokens'],
  ['included_segments'],
  ['filters'],
] as const satisfies readonly (readonly (keyof CreateMessageBody)[])[];

type Way = (typeof WAYS)[number][number];

/** Throws ApiError when nobody is meant, or in more than one way, or somebody who cannot be. */
export function parseTargeting(body: CreateMessageBody): Targeting {
  const given = WAYS.flat().filter((field) => isGiven(field, body));
  const [field] = given;
  if (field === undefined) throw new ApiError('message-targeting');
  if (given.length > 1) throw wrong(given.join(' and '), 'cannot be combined: give exactly one of them');
  if (field !== 'included_segments' && field !== 'filters' && (body.excluded_segments ?? []).length > 0) {
    throw wrong(
      'excluded_segments',
      `can only be given with included_segments or filters, not with ${field}`,
    );
  }
  const targeting = parseWay(field, body);
  parsePlatforms(body, 'email');
  return targeting;
}

function parseWay(field: Way, body: CreateMessageBody): Targeting {
  switch (field) {
    case 'include_aliases':
      requireEmail('target_channel', body.target_channel, field);
      return parseAliases(body.include_aliases ?? {});
    case 'include_external_user_ids':
      requireEmail(
        'channel_for_external_user_ids',
        body.channel_for_external_user_ids ?? body.target_channel,
        field,
      );
      return parseAliases({ external_id: body.include_external_user_ids ?? [] });
    case 'include_subscription_ids':
    case 'include_player_ids':
      requireEmail('target_channel', body.target_channel ?? 'email', field);
      return parseSubscriptions(field, body[field] ?? []);
    case 'email_to':
    case 'include_email_tokens':
      requireEmail('target_channel', body.target_channel ?? 'email', field);
      return parseEmails(field, body[field] ?? []);
    case 'included_segments':
    case 'filters':
      requireEmail('target_channel', body.target_channel ?? 'email', field);
      return { kind: 'audience', ...parseAudience(body, 'email') };
  }
}

/** An empty list of filters is how some clients leave it out. */
function isGiven(field: Way, body: CreateMessageBody): boolean {
  if (field === 'filters') return (body.filters ?? []).length > 0;
  return body[field] !== undefined;
}

function parseAliases(aliases: Readonly<Record<string, readonly string[]>>): Targeting {
  const count = Object.values(aliases).reduce((sum, values) => sum + values.length, 0);
  if (count === 0) throw new ApiError('message-targeting');
  refuseTooMany('include_aliases', count);
  return { kind: 'aliases', aliases };
}

function parseSubscriptions(field: string, ids: readonly string[]): Targeting {
  if (ids.length === 0) throw new ApiError('message-targeting');
  refuseTooMany(field, ids.length);
  const bad = ids.filter((id) => !isUuid(id));
  if (bad.length > 0) {
    throw new ApiError('message-subscription-ids', { params: { ids: bad.slice(0, 10).join(', ') } });
  }
  return { kind: 'subscriptions', ids: [...new Set(ids.map((id) => id.toLowerCase()))] };
}

function parseEmails(field: string, given: readonly string[]): Targeting {
  if (given.length === 0) throw new ApiError('message-targeting');
  refuseTooMany(field, given.length);
  const bad = given.findIndex((email) => !isEmailAddress(email));
  if (bad !== -1) {
    throw wrong(
      `${field}[${bad}]`,
      `must be an email address such as name@example.com; "${given[bad]?.slice(0, 60)}" is not`,
    );
  }
  return { kind: 'emails', emails: [...new Set(given.map(parseEmail))] };
}

function requireEmail(field: string, channel: string | undefined, targeting: string): void {
  if (channel === 'email') return;
  throw wrong(field, channel === undefined ? `is required with ${targeting}` : 'can only be email so far');
}

function refuseTooMany(field: string, count: number): void {
  if (count > MOST_TARGETS) throw wrong(field, `can hold at most ${MOST_TARGETS} entries; it has ${count}`);
}
