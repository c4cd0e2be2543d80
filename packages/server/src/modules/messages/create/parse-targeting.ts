import type { CreateMessageBody } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isUuid } from '../../../platform/ids.ts';
import type { Audience } from '../../audience/index.ts';
import { isEmailAddress, isPhoneNumber, parseEmail, parsePhoneNumber } from '../../identity/index.ts';
import type { SavedSegments } from '../../segments/index.ts';
import { wrong } from '../wrong-field.ts';
import { parseAudience } from './parse-audience.ts';

/** Who is meant: exactly one way a request. */
export type Targeting =
  | { readonly kind: 'aliases'; readonly aliases: Readonly<Record<string, readonly string[]>> }
  | { readonly kind: 'subscriptions'; readonly ids: readonly string[] }
  /** In the one spelling; unknown ones are subscribed. */
  | { readonly kind: 'addresses'; readonly type: 'Email' | 'SMS'; readonly addresses: readonly string[] }
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
  ['include_phone_numbers'],
  ['included_segments'],
  ['filters'],
] as const satisfies readonly (readonly (keyof CreateMessageBody)[])[];

type Way = (typeof WAYS)[number][number];

/** Throws ApiError when nobody is meant, or in more than one way, or somebody who cannot be. */
export function parseTargeting(body: CreateMessageBody, saved: SavedSegments): Targeting {
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
  return parseWay(field, body, saved);
}

function parseWay(field: Way, body: CreateMessageBody, saved: SavedSegments): Targeting {
  switch (field) {
    case 'include_aliases':
      requireChannel('target_channel', body.target_channel, field);
      return parseAliases(body.include_aliases ?? {});
    case 'include_external_user_ids':
      requireChannel(
        'channel_for_external_user_ids',
        body.channel_for_external_user_ids ?? body.target_channel,
        field,
      );
      return parseAliases({ external_id: body.include_external_user_ids ?? [] });
    case 'include_subscription_ids':
    case 'include_player_ids':
      return parseSubscriptions(field, body[field] ?? []);
    case 'email_to':
    case 'include_email_tokens':
      return parseEmails(field, body[field] ?? []);
    case 'include_phone_numbers':
      return parsePhones(field, body[field] ?? []);
    case 'included_segments':
    case 'filters':
      return { kind: 'audience', ...parseAudience(body, saved) };
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
  refuseAddresses(field, given, isEmailAddress, 'an email address such as name@example.com');
  return { kind: 'addresses', type: 'Email', addresses: [...new Set(given.map(parseEmail))] };
}

function parsePhones(field: string, given: readonly string[]): Targeting {
  refuseAddresses(field, given, isPhoneNumber, 'a phone number with its country code, such as +15550100000');
  return { kind: 'addresses', type: 'SMS', addresses: [...new Set(given.map(parsePhoneNumber))] };
}

function refuseAddresses(
  field: string,
  given: readonly string[],
  isOne: (address: string) => boolean,
  description: string,
): void {
  if (given.length === 0) throw new ApiError('message-targeting');
  refuseTooMany(field, given.length);
  const bad = given.findIndex((address) => !isOne(address));
  if (bad === -1) return;
  throw wrong(`${field}[${bad}]`, `must be ${description}; "${given[bad]?.slice(0, 60)}" is not`);
}

function requireChannel(field: string, channel: string | undefined, targeting: string): void {
  if (channel === undefined) {
    throw wrong(field, `is required with ${targeting}: push, email or sms`);
  }
}

function refuseTooMany(field: string, count: number): void {
  if (count > MOST_TARGETS) throw wrong(field, `can hold at most ${MOST_TARGETS} entries; it has ${count}`);
}
