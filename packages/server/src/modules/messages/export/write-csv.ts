import type { Channel } from '@carillon/wire';
import { csvLine } from './csv.ts';
import type { EndedDelivery } from './export-store.ts';

type Pages = AsyncIterable<readonly EndedDelivery[]>;

const ACTIVITY_COLUMNS = [
  'external_user_id',
  'subscription_id',
  'device_type',
  'sent',
  'delivered',
  'clicked',
  'onesignal_id',
  'failed',
  'unsubscribed',
  'failure_message',
];

/** Push subscriptions are of several types, which the ledger does not tell apart. */
const DEVICE_TYPES: Readonly<Record<Channel, number | null>> = { email: 11, sms: 14, push: null };

const NOT_REACHED: ReadonlySet<string> = new Set(['failed', 'expired', 'unknown', 'capped', 'cancelled']);
const NOT_SUBSCRIBED: ReadonlySet<string> = new Set(['unsubscribed', 'suppressed']);

/** One line for each subscription, and what came of the message there. */
export async function* writeActivity(pages: Pages, channel: Channel): AsyncGenerator<string> {
  yield csvLine(ACTIVITY_COLUMNS);
  for await (const page of pages) yield page.map((row) => activityLine(row, DEVICE_TYPES[channel])).join('');
}

function activityLine(row: EndedDelivery, deviceType: number | null): string {
  const { state, reason, bouncedBecause } = row;
  return csvLine([
    row.externalId,
    row.subscriptionId,
    deviceType,
    state === 'sent',
    row.delivered,
    row.clickedAt !== null,
    row.userId,
    NOT_REACHED.has(state) || bouncedBecause !== null,
    NOT_SUBSCRIBED.has(state) || row.unsubscribed,
    state === 'sent' ? bouncedBecause : reason,
  ]);
}

/** `sent` or `clicked`: one line for each subscription that was sent to, or where a link was followed first. */
export async function* writeHistory(pages: Pages, events: 'sent' | 'clicked'): AsyncGenerator<string> {
  yield csvLine(['player_id', 'timestamp']);
  for await (const page of pages) yield page.map((row) => historyLine(row, timeOf(row, events))).join('');
}

function timeOf({ state, at, clickedAt }: EndedDelivery, events: 'sent' | 'clicked'): Date | null {
  if (events === 'clicked') return clickedAt;
  return state === 'sent' ? at : null;
}

function historyLine({ subscriptionId }: EndedDelivery, at: Date | null): string {
  return at === null ? '' : csvLine([subscriptionId, Math.floor(at.getTime() / 1000)]);
}
