import type { SendingPolicy } from '../../accounts/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { retryTransient } from '../../../platform/database/retry.ts';
import type { Recipient, UserPlace } from '../../identity/index.ts';
import { ownerOf } from '../delivery.ts';
import type { Delivery, Retry } from '../delivery.ts';
import type { Message } from '../message.ts';
import { markUsers } from './frequency-store.ts';
import { parseTimeOfDay } from './time-of-day.ts';
import { AT_ONCE } from './timing.ts';
import { turnOf } from './turn-of.ts';
import type { AppHours } from './turn-of.ts';

export interface PlanOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly sendingPolicy: (appId: string) => Promise<SendingPolicy>;
  /** When users were last active, by id, in milliseconds since the epoch. */
  readonly lastActive: (users: readonly UserPlace[]) => Promise<ReadonlyMap<string, number>>;
}

/** What becomes of the recipients of a page whose subscriptions can be reached. */
export interface Plan {
  readonly now: readonly Recipient[];
  readonly later: readonly Retry[];
  readonly ended: readonly Delivery[];
}

export type PlanPage = (
  message: Message,
  recipients: readonly Recipient[],
  /** Hand-overs so far. */
  tried: ReadonlyMap<string, number>,
) => Promise<Plan>;

type FrequencyCap = NonNullable<SendingPolicy['frequencyCap']>;

const MINUTE_MS = 60_000;

/**
 * Decides for each recipient of a page: now, later, or not at all. Whose turn it is gets a mark where the app has
 * a frequency cap, before anything is handed over: what was handed over and not marked would not count.
 */
export function createPlanner(options: PlanOptions): PlanPage {
  return async (message, recipients, tried) => {
    const policy = await options.sendingPolicy(message.appId);
    const hours = hoursOf(policy, message);
    const cap = capOf(policy, message);
    const timing = message.timing ?? AT_ONCE;
    const isTimed = message.timing !== null || hours.quiet !== null;
    if (!isTimed && cap === null) return { now: recipients, later: [], ended: [] };

    const now = options.clock.now();
    const later: Retry[] = [];
    const ended: Delivery[] = [];
    const due: Recipient[] = [];
    const active = timing.spread?.kind === 'last-active' ? await options.lastActive(recipients) : null;
    for (const recipient of recipients) {
      const { subscriptionId, userId, timezoneId } = recipient;
      const attempts = tried.get(subscriptionId) ?? 0;
      const turn = turnOf({ timezoneId, lastActive: active?.get(userId) ?? null }, timing, hours, now);
      switch (turn.kind) {
        case 'now':
          due.push(recipient);
          break;
        case 'later':
          later.push({ subscriptionId, attempts, dueAt: turn.at, reason: turn.reason });
          break;
        case 'expired':
          ended.push({ ...ownerOf(recipient), state: 'expired', reason: turn.reason, ref: null, attempts });
      }
    }
    if (cap === null || due.length === 0) return { now: due, later, ended };
    const { within, above } = await underCap(options.database, message, due, { cap, now });
    for (const recipient of above) {
      const reason = `the user had ${cap.messages} messages within ${cap.minutes} minutes`;
      const attempts = tried.get(recipient.subscriptionId) ?? 0;
      ended.push({ ...ownerOf(recipient), state: 'capped', reason, ref: null, attempts });
    }
    return { now: within, later, ended };
  };
}

/** Marks whoever is within the cap, each user once. */
async function underCap(
  database: Database,
  { id: messageId, appId, channel, timing }: Message,
  due: readonly Recipient[],
  { cap, now }: { readonly cap: FrequencyCap; readonly now: number },
): Promise<{ readonly within: readonly Recipient[]; readonly above: readonly Recipient[] }> {
  const users = [...new Map(due.map((recipient) => [recipient.userId, recipient])).values()];
  const mark = {
    appId,
    channel,
    messageId,
    now,
    since: now - cap.minutes * MINUTE_MS,
    most: cap.messages,
    always: timing?.overridesFrequencyCap === true,
  };
  const marked = await retryTransient(() => markUsers(database, users, mark));
  return {
    within: due.filter(({ userId }) => marked.has(userId)),
    above: due.filter(({ userId }) => !marked.has(userId)),
  };
}

function hoursOf({ quietHours, timeZone }: SendingPolicy, { channel }: Message): AppHours {
  if (quietHours === null || !quietHours.channels.includes(channel)) return { quiet: null, timeZone };
  const [from, to] = [parseTimeOfDay(quietHours.from), parseTimeOfDay(quietHours.to)];
  return { quiet: from === null || to === null ? null : { from, to }, timeZone };
}

function capOf({ frequencyCap }: SendingPolicy, { channel }: Message): FrequencyCap | null {
  return frequencyCap !== null && frequencyCap.channels.includes(channel) ? frequencyCap : null;
}
