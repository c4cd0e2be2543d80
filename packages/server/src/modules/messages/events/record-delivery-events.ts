import { Coalescer } from '../../../platform/database/coalescer.ts';
import { retryTransient } from '../../../platform/database/retry.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Partitions } from '../../../platform/database/partitions.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { DeliveryEvent, RecordDeliveryEvents, Suppressions } from '../../channels/index.ts';
import { recordEvents } from './delivery-event-store.ts';
import { refusedAddresses } from './refused-address-store.ts';

/** A provider can tell of a delivery before our own commit of it: how long to wait for that, in steps. */
const WAITS_MS = [10, 20, 50, 100, 200, 500, 1_000, 2_000];
const EVENTS_A_STATEMENT = 1_000;

const REASONS = { bounced: 'bounce', complained: 'complaint' } as const;

export interface RecorderOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly partitions: Partitions;
  /** Where the addresses of emails go that bounced or were reported as spam; they stay usable when absent. */
  readonly suppressions?: Pick<Suppressions, 'learn'>;
  /** Ends the emails to whoever has reported one as spam. */
  readonly unsubscribe?: (appId: string, subscriptionId: string, source: string) => Promise<boolean>;
  /** Called after something new has been committed. */
  readonly onNews: () => void;
}

/**
 * Takes in what happened to deliveries after the hand-over. Events that come together travel
 * together. Throws ApiError `unavailable` when the ledger row of an event is still missing after
 * four seconds, so that the provider tells it again.
 */
export function createRecorder(options: RecorderOptions): RecordDeliveryEvents {
  const { database, clock, partitions, onNews, suppressions, unsubscribe } = options;
  const refuse = async (events: readonly DeliveryEvent[]) => {
    const refused = suppressions === undefined ? [] : await refusedAddresses(database, events);
    await suppressions?.learn(refused.map((one) => ({ ...one, reason: REASONS[one.kind] })));
    for (const { appId, subscriptionId, kind } of refused) {
      if (kind === 'complained') await unsubscribe?.(appId, subscriptionId, 'spam complaint');
    }
  };
  const coalescer = new Coalescer<readonly DeliveryEvent[], readonly DeliveryEvent[]>({
    inFlight: 2,
    largest: EVENTS_A_STATEMENT,
    weight: (events) => events.length,
    flush: async (groups) => {
      const now = clock.now();
      await partitions.ready(now);
      const events = groups.flat();
      // First the addresses: a crash in between leaves reports that are told, and news, again.
      await refuse(events);
      const early = await retryTransient(() => recordEvents(database, events, now));
      onNews();
      return groups.map((events) => events.filter((event) => early.has(event.id)));
    },
  });

  return async (events) => {
    let left = await coalescer.submit(events);
    for (const wait of WAITS_MS) {
      if (left.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, wait));
      left = await coalescer.submit(left);
    }
    if (left.length > 0) throw new ApiError('unavailable', { retryAfter: 5 });
  };
}
