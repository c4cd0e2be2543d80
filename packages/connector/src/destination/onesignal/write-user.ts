import { describeFailure } from '@carillon/client';
import type { Answer, User } from '@carillon/client';
import type { MappedUser } from '../../model/map-user.ts';
import { deliveredOf } from '../delivered-of.ts';
import { DONE } from '../destination.ts';
import type { Delivered, UserWrite } from '../destination.ts';
import { takeOver } from '../take-over.ts';
import { userBody } from '../user-body.ts';
import { PUBLISHED } from './published.ts';
import { settleSubscriptions } from './settle-subscriptions.ts';
import { splitProperties } from './split-properties.ts';
import type { UserCalls } from './user-calls.ts';

/**
 * Brings one user over. Properties alone are a PATCH. Whoever is new or has another address is
 * created: for one who exists already that adds and moves addresses, and nobody says for sure that it
 * sets properties or consent, so both are set afterwards where the answer shows that it must be.
 */
export async function writeUser(calls: UserCalls, { user, change }: UserWrite): Promise<Delivered> {
  const parts = splitProperties(user.properties, PUBLISHED.propertiesPerRequest);
  if (change.kind === 'changed' && !change.subscriptions) {
    const answer = await patch(calls, user, parts);
    if (answer === null) return DONE;
    if (answer.ok || answer.failure.kind !== 'not-found') return deliveredOf(answer);
    // Deleted over there since: make it anew.
  }
  await calls.claims.claim([user]);
  const created = await calls.write(() => calls.client.users.upsert(userBody(user, parts[0]), calls.signal));
  if (!created.ok) return refused(user, created);
  const existed = created.status === 202;
  const rest = existed ? (change.kind === 'changed' && !change.properties ? [] : parts) : parts.slice(1);
  const patched = await patch(calls, user, rest);
  if (patched !== null && !patched.ok) return deliveredOf(patched);
  const moved = await takeOver(calls.client, user, calls, calls.signal);
  if (moved.kind !== 'done') return moved;
  return existed ? settleSubscriptions(calls, user, created.value) : DONE;
}

/** null when all parts were taken; else the answer of the one that was not. */
async function patch(
  { client, write, signal }: UserCalls,
  user: MappedUser,
  parts: readonly MappedUser['properties'][],
): Promise<Answer<unknown> | null> {
  const alias = { label: 'external_id', id: user.externalId };
  for (const part of parts) {
    if (Object.keys(part).length === 1 && Object.keys(part.tags).length === 0) continue;
    const answer = await write(() => client.users.update(alias, part, signal));
    if (!answer.ok) return answer;
  }
  return null;
}

/** A conflict names the alias that somebody else has. */
function refused(user: MappedUser, answer: Answer<User>): Delivered {
  if (answer.ok || answer.failure.kind !== 'conflict') return deliveredOf(answer);
  const labels = ['external_id', ...Object.keys(user.aliases)];
  const taken = answer.failure.errors.flatMap(({ meta }) => labels.filter((label) => label in meta));
  const which = taken.length === 0 ? '' : `: ${taken.join(', ')} belongs to another user`;
  return { kind: 'rejected', rule: `${describeFailure(answer.failure)}${which}` };
}
