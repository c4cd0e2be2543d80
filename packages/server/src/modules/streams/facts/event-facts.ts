import type { Queryable } from '../../../platform/database/database.ts';
import type { PlacedEvent } from '../read-events.ts';
import { findMessageFacts, findPersonFacts } from './facts-store.ts';
import type { MessageFacts, PersonFacts } from './facts-store.ts';

/** What is known of an event's message and person, beside what the event says. */
export interface EventFacts {
  readonly message: MessageFacts | undefined;
  readonly person: PersonFacts | undefined;
}

/** Two statements, however many events there are; in their order. */
export async function readEventFacts(
  database: Queryable,
  appId: string,
  events: readonly PlacedEvent[],
): Promise<EventFacts[]> {
  if (events.length === 0) return [];
  const ids = new Set(events.flatMap(({ event }) => (event.message_id === null ? [] : [event.message_id])));
  const messages = await findMessageFacts(database, appId, [...ids]);
  const people = await findPersonFacts(
    database,
    appId,
    events.map(({ event, place }) => ({
      lane: place.lane,
      subscriptionId: event.subscription_id,
      userId: event.onesignal_id,
    })),
  );
  return events.map(({ event }, index) => ({
    message: event.message_id === null ? undefined : messages.get(event.message_id),
    person: people[index],
  }));
}
