import type { FeedEvent } from '@carillon/wire';
import { targetId } from '../config/fingerprint.ts';
import type { Entry } from '../home/sorted-table.ts';
import { afterFact } from '../model/consent.ts';
import { userDigest } from '../model/diff-user.ts';
import { readConsent, toldEntry } from '../model/known-consent.ts';
import { toldConsent } from '../model/told-consents.ts';
import type { Session } from './session.ts';

/**
 * Keeps what events say of consent, and queues a look at those of whom they do: a request that was
 * under way when somebody said no may have turned them on again. Facts are on the disk before the looks.
 */
export async function noteConsents(
  { connector, home, underWay, queued }: Session,
  events: readonly FeedEvent[],
): Promise<void> {
  const { users } = connector;
  if (users === null) return;
  const target = targetId(connector);
  const entries = new Map<string, string>();
  const get = (digest: string) => entries.get(digest) ?? home.state.get(digest);
  const keys = new Set<string>();
  for (const event of events) {
    const told = toldConsent(event);
    if (told === null) continue;
    for (const place of told.places) {
      const newest = afterFact(readConsent(target, [place], get), told.fact).told ?? told.fact;
      const [digest, value]: Entry = toldEntry(target, place, newest);
      if (get(digest) !== value) entries.set(digest, value);
    }
    const key = event.external_id === null ? null : keyOf(users, event.external_id);
    // Others may keep users at the target of whom our rows say nothing.
    if (key === null || event.external_id === null) continue;
    const isOurs = underWay.has(event.external_id, key) || home.state.has(userDigest(target, key));
    if (isOurs) keys.add(key);
  }
  if (entries.size > 0) await home.state.commit([...entries], { consents: 'some' });
  if (keys.size > 0) {
    await home.outbox.append([...keys].map((key) => ({ kind: 'user', key })));
    queued.ring();
  }
}

function keyOf(
  { externalId, keyOf: inverse }: NonNullable<Session['connector']['users']>,
  told: string,
): string | null {
  if (inverse !== undefined) return inverse(told);
  return externalId === undefined ? told : null;
}
