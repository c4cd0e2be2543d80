import type { Answer, Client } from '@carillon/client';
import type { Call } from './take-over.ts';

const DONE: Answer<null> = { ok: true, value: null, status: 200, replayed: false };
const OFF = { enabled: false, notification_types: -2 };

/** Turns all addresses of a user off, or deletes it. Who is not there is done with. */
export async function removeUser(
  client: Client,
  call: Call,
  externalId: string,
  how: 'unsubscribe' | 'delete',
  signal: AbortSignal,
): Promise<Answer<unknown>> {
  const alias = { label: 'external_id', id: externalId };
  if (how === 'delete') return unlessMissing(await call(() => client.users.delete(alias, signal)));
  const view = await call(() => client.users.view(alias, signal));
  if (!view.ok) return unlessMissing(view);
  for (const { id, enabled } of view.value.subscriptions) {
    if (!enabled) continue;
    const off = unlessMissing(await call(() => client.subscriptions.update(id, OFF, signal)));
    if (!off.ok) return off;
  }
  return DONE;
}

function unlessMissing(answer: Answer<unknown>): Answer<unknown> {
  return !answer.ok && answer.failure.kind === 'not-found' ? DONE : answer;
}
