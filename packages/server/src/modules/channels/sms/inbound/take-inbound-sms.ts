import type { Clock } from '../../../../platform/clock.ts';
import type { Database } from '../../../../platform/database/database.ts';
import type { Partitions } from '../../../../platform/database/partitions.ts';
import { retryTransient } from '../../../../platform/database/retry.ts';
import { makeStorable } from '../../../../platform/http/storable-text.ts';
import { laneOf, nameId } from '../../../../platform/ids.ts';
import { findByTokens } from '../../../identity/index.ts';
import type { AppKeywords } from '../keywords/app-keywords.ts';
import { keywordOf } from '../keywords/keywords.ts';
import { bare } from '../keywords/own-keywords.ts';
import type { OptOuts } from '../opt-outs/opt-outs.ts';
import type { ObeyKeyword, TakeInboundSms } from './inbound-sms.ts';
import { hasInboundSms, keepInboundSms } from './inbound-store.ts';
import { obeyInScope } from './obey-in-scope.ts';

/**
 * A number that is a machine itself may answer each of our answers. After so many within an hour it is heard and
 * obeyed, and not answered.
 */
const MOST_ANSWERS = 5;
const HOUR_MS = 3_600_000;
/** Longer than any telephone joins: ten times what Twilio takes. */
const LONGEST_TEXT = 16_000;
const LONGEST_ADDRESS = 128;
const MOST_MEDIA = 10;
const LONGEST_URL = 2_048;

export interface InboundDeskOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly partitions: Pick<Partitions, 'ready'>;
  readonly keywords: Pick<AppKeywords, 'of'>;
  readonly obey: ObeyKeyword;
  readonly optOuts: Pick<OptOuts, 'stop' | 'start'>;
  /** Called after something new has been committed. */
  readonly onNews: () => void;
}

/** Reads what people text, has keywords obeyed, tells it in the feed, and knows what is answered. */
export function createInboundDesk(options: InboundDeskOptions): TakeInboundSms {
  const { database, clock, partitions, keywords, onNews } = options;
  return async (given) => {
    const { appId, at, handled, hasOwnId, text, part } = given;
    const from = makeStorable(given.from).slice(0, LONGEST_ADDRESS);
    const to = makeStorable(given.to).slice(0, LONGEST_ADDRESS);
    const id = nameId('inbound sms', appId, given.id);
    const { words, replies, scope: asked } = await keywords.of(appId, to);
    const keyword = handled ?? (part === null ? keywordOf(text, words) : null);
    const isToldAgain = await retryTransient(() => hasInboundSms(database, appId, id));
    // An order that is told again must not undo what its person has asked for since. In doubt, nobody is written to.
    if (isToldAgain && (hasOwnId || keyword !== 'stop')) return null;
    // Before it is kept: after a crash in between it is told again, and obeyed.
    const order = keyword === null ? null : { appId, id: given.id, from, to, at, keyword };
    const scope = order === null ? null : await obeyInScope(order, asked, options);
    if (isToldAgain) return null;
    const reply = keyword === null || handled !== null || bare(from) === bare(to) ? null : replies[keyword];
    const place = (await findByTokens(database, appId, 'SMS', [from])).get(from);
    await partitions.ready(clock.now());
    const kept = {
      appId,
      id,
      lane: place?.lane ?? laneOf(id),
      from,
      to,
      text: makeStorable(text).slice(0, LONGEST_TEXT),
      mediaUrls: given.mediaUrls.slice(0, MOST_MEDIA).map((url) => makeStorable(url).slice(0, LONGEST_URL)),
      part,
      keyword,
      scope,
      subscriptionId: place?.subscriptionId ?? null,
      userId: place?.userId ?? null,
      at,
      wantsAnswer: reply !== null,
    };
    const limit = { most: MOST_ANSWERS, since: at - HOUR_MS };
    const isToAnswer = await retryTransient(() => keepInboundSms(database, kept, limit));
    onNews();
    return isToAnswer ? reply : null;
  };
}
