import type { Verdict } from '../scenario.ts';
import type { Doubt, LedgerRow } from './audit-store.ts';
import { deliveryKey } from './arrivals.ts';
import type { Arrival } from './arrivals.ts';

/** What was seen from outside, once nothing is under way any more. */
export interface Evidence {
  readonly channel: 'email' | 'push' | 'sms';
  /** Owners that were killed. */
  readonly killed: ReadonlySet<string>;
  /** The message that may come once at most, whatever dies. */
  readonly onceAtMost: string | null;
  /** Ids that were in doubt when their chunk changed hands, once for each time. */
  readonly doubts: readonly Doubt[];
  /** Everyone that a message is for. */
  readonly targets: readonly { readonly messageId: string; readonly subscriptionId: string }[];
  readonly ledger: readonly LedgerRow[];
  readonly arrivals: ReadonlyMap<string, Arrival>;
  /** What the feed told of the sending, once for each event. */
  readonly told: readonly {
    readonly message_id: string;
    readonly subscription_id: string;
    readonly kind: string;
  }[];
  /** By message id, as the API shows it. */
  readonly views: ReadonlyMap<string, Counts>;
  /** What is not empty although every chunk is done. */
  readonly left: number;
  /** What arrived and names no delivery of ours. */
  readonly strangers: number;
}

interface Counts {
  readonly successful: number;
  readonly failed: number;
  readonly errored: number;
  readonly remaining: number | null;
}

/** Holds what arrived and what was told against the ledger. */
export function judge(evidence: Evidence): Verdict {
  const { ledger, arrivals, killed, doubts } = evidence;
  const rows = new Map(ledger.map((row) => [keyOf(row), row]));
  const lost = ledger.filter((row) => row.state === 'sent' && !arrivals.has(keyOf(row))).length;
  const { duplicated, doubledInDoubt, takenFromLiving } = countDoubles(evidence);
  const unaccounted = countUnaccounted(evidence, rows);
  const misdirected = [...arrivals].filter(
    ([key, { addresses }]) => addresses.size !== 1 || !addresses.has(rows.get(key)?.token ?? ''),
  ).length;
  // What a sender died over may have arrived, and is called unknown where it is not tried again.
  const denied = [...arrivals.keys()].filter(
    (key) => !['sent', 'unknown'].includes(rows.get(key)?.state ?? ''),
  ).length;
  const untold = countUntold(evidence);
  const miscounted = countMiscounted(evidence);

  const counted: readonly (readonly [number, string])[] = [
    [lost, 'deliveries that the ledger calls sent never arrived'],
    [duplicated, 'messages arrived twice without having been in doubt at a kill'],
    [unaccounted, 'recipients are not in exactly one state with a reason'],
    [denied, 'deliveries arrived that the ledger does not call sent'],
    [misdirected, 'deliveries went to another address than their subscription’s'],
    [untold, 'deliveries were not told exactly once in the feed'],
    [miscounted, 'messages show other counts than their ledger rows'],
    [evidence.left, 'retries or doubts are left although everything is done'],
    [evidence.strangers, 'messages arrived that name no delivery'],
  ];
  return {
    figures: {
      kills: killed.size,
      lost,
      duplicated,
      unaccounted,
      doubled_in_doubt: doubledInDoubt,
      in_doubt_at_kills: doubts.filter(({ owner }) => killed.has(owner)).length,
      taken_from_living: takenFromLiving,
      deliveries: ledger.length,
      arrived: [...arrivals.values()].reduce((sum, { times }) => sum + times, 0),
    },
    broken: counted.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
  };
}

/**
 * A delivery may arrive once, and once more for each time that it was in doubt at a kill, unless it may come once
 * at most.
 */
function countDoubles({ arrivals, doubts, killed, onceAtMost }: Evidence): {
  duplicated: number;
  doubledInDoubt: number;
  takenFromLiving: number;
} {
  const doubted = new Map<string, number>();
  let takenFromLiving = 0;
  for (const doubt of doubts) {
    const key = keyOf(doubt);
    if (killed.has(doubt.owner) && doubt.messageId !== onceAtMost)
      doubted.set(key, (doubted.get(key) ?? 0) + 1);
    else if (!killed.has(doubt.owner)) takenFromLiving += 1;
  }
  let duplicated = 0;
  let doubledInDoubt = 0;
  for (const [key, { times }] of arrivals) {
    const excused = Math.min(times - 1, doubted.get(key) ?? 0);
    doubledInDoubt += excused;
    duplicated += times - 1 - excused;
  }
  return { duplicated, doubledInDoubt, takenFromLiving };
}

function countUnaccounted({ targets, ledger }: Evidence, rows: ReadonlyMap<string, LedgerRow>): number {
  const wanted = new Set(targets.map(keyOf));
  const missing = [...wanted].filter((key) => !rows.has(key)).length;
  const uncalled = [...rows.keys()].filter((key) => !wanted.has(key)).length;
  const twice = ledger.length - rows.size;
  const unexplained = ledger.filter(({ state, reason }) => state !== 'sent' && !reason).length;
  return missing + uncalled + twice + unexplained;
}

/** Told later, by the provider. */
const REPORTS = ['received', 'bounced'];

function countUntold({ channel, told, ledger }: Evidence): number {
  const ends = told.filter(({ kind }) => !REPORTS.some((report) => kind.endsWith(`.${report}`)));
  const times = new Map<string, number>();
  for (const event of ends) {
    const key = `${deliveryKey(event.message_id, event.subscription_id)} ${event.kind}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const right = ledger.filter(
    (row) => times.get(`${keyOf(row)} message.${channel}.${row.state}`) === 1,
  ).length;
  return Math.max(ledger.length, ends.length) - right;
}

/** All other states are errors. */
const COUNTED_AS: Readonly<Record<string, 'successful' | 'failed' | 'canceled'>> = {
  sent: 'successful',
  unsubscribed: 'failed',
  suppressed: 'failed',
  capped: 'failed',
  cancelled: 'canceled',
};

function countMiscounted({ views, ledger }: Evidence): number {
  const counts = new Map<string, { successful: number; failed: number; errored: number }>();
  for (const { messageId, state } of ledger) {
    const count = counts.get(messageId) ?? { successful: 0, failed: 0, errored: 0 };
    counts.set(messageId, count);
    const of = COUNTED_AS[state] ?? 'errored';
    if (of !== 'canceled') count[of] += 1;
  }
  const isRight = ([id, view]: [string, Counts]) => {
    const count = counts.get(id);
    return (
      view.remaining === 0 &&
      view.successful === count?.successful &&
      view.failed === count.failed &&
      view.errored === count.errored
    );
  };
  return [...views].filter((entry) => !isRight(entry)).length;
}

function keyOf({ messageId, subscriptionId }: { messageId: string; subscriptionId: string }): string {
  return deliveryKey(messageId, subscriptionId);
}
