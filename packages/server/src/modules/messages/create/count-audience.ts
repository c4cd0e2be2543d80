import type { CountMessageAnswer, CountMessageBody } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { EVERYONE, isNobody, parseFilters, totalOf } from '../../audience/index.ts';
import type { Audience, AudienceCounter } from '../../audience/index.ts';
import type { Identity, SubscriptionPlace } from '../../identity/index.ts';
import { wrong } from '../wrong-field.ts';
import type { SavedSegments } from '../../segments/index.ts';
import { parseAudience, segmentNamesIn } from './parse-audience.ts';
import type { FindSegments } from './parse-audience.ts';

export interface CountOptions {
  readonly counter: Pick<AudienceCounter, 'count' | 'countAmong'>;
  readonly identity: Pick<Identity, 'resolveAliases' | 'subscriptionsOf'>;
  readonly savedSegments: FindSegments;
}

const MOST_TARGETS = 20_000;

/**
 * How many subscriptions of a channel (push, where none is named) a message would reach now, exactly. What is given
 * together narrows: those in the segments of whom the filters are true, of these aliases. Throws ApiError.
 */
export async function countAudience(
  { counter, identity, savedSegments }: CountOptions,
  appId: string,
  body: CountMessageBody,
): Promise<CountMessageAnswer> {
  const channel = body.target_channel ?? 'push';
  const aliases = Object.entries(body.include_aliases ?? {});
  const named = aliases.reduce((sum, [, values]) => sum + values.length, 0);
  const saved = await savedSegments(appId, segmentNamesIn(body));
  const { audience } = parseCounted(body, named > 0, saved);
  if (named > MOST_TARGETS) {
    throw wrong('include_aliases', `can hold at most ${MOST_TARGETS} entries; it has ${named}`);
  }
  if (audience !== null && isNobody(audience)) return answer(0);
  if (named === 0) {
    return answer(totalOf(await counter.count(appId, audience, { channels: [channel] })));
  }
  const places: SubscriptionPlace[] = [];
  for (const [label, values] of aliases) {
    const users = await identity.resolveAliases(appId, label, [...new Set(values)]);
    places.push(...(await identity.subscriptionsOf(appId, [...users.values()], channel)));
  }
  const among = audience ?? { include: EVERYONE, exclude: [], only: [] };
  return answer(await counter.countAmong(appId, among, places));
}

/** Filters beside segments narrow them here, unlike in a message, which takes one of the two. Flags are not read. */
function parseCounted(
  body: CountMessageBody,
  named: boolean,
  saved: SavedSegments,
): { readonly audience: Audience | null } {
  const { included_segments, excluded_segments } = body;
  const filters = body.filters ?? [];
  const bySegments = (included_segments ?? []).length > 0;
  if (!bySegments && filters.length === 0 && !named) throw new ApiError('message-targeting');
  const segments = { included_segments: bySegments ? included_segments : ['All'], excluded_segments };
  const { audience } = parseAudience(segments, saved);
  if (filters.length === 0) return { audience };
  const { include, exclude, only } = audience ?? { include: EVERYONE, exclude: [], only: [] };
  const narrowed = include.flatMap((all) => parseFilters(filters).map((branch) => [...all, ...branch]));
  return { audience: { include: narrowed, exclude, only } };
}

/** Nothing caps or suppresses a count here: the other fields are there for clients that read them. */
function answer(count: number): CountMessageAnswer {
  return {
    count,
    uncapped_count: null,
    cap_applied: false,
    mobile_suppressed: false,
    mobile_excluded_count: 0,
  };
}
