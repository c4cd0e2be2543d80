import type { Answer } from '@carillon/client';
import type { EventItem } from '../model/outbox-item.ts';
import { deliveredOf } from './delivered-of.ts';
import { DONE } from './destination.ts';
import type { Delivered } from './destination.ts';

interface Refusal {
  readonly event_id?: string | null;
  readonly event_user_id?: string | null;
  readonly error: { readonly title: string };
}

/** One result for each event of a request: only those that the answer names were refused. */
export function eventResults(
  events: readonly EventItem[],
  answer: Answer<readonly Refusal[]>,
): readonly Delivered[] {
  if (!answer.ok) {
    const result = deliveredOf(answer);
    return events.map(() => result);
  }
  const keys = new Set(events.map(({ id }) => id));
  const byKey = new Map<string, string>();
  const byUser = new Map<string, string>();
  for (const { event_id: key, event_user_id: user, error } of answer.value) {
    if (key !== undefined && key !== null && keys.has(key)) byKey.set(key, error.title);
    // A refusal that names no event of ours speaks of all of that user.
    else if (user !== undefined && user !== null) byUser.set(user, error.title);
  }
  return events.map(({ id, externalId }): Delivered => {
    const rule = byKey.get(id) ?? byUser.get(externalId);
    return rule === undefined ? DONE : { kind: 'rejected', rule };
  });
}
