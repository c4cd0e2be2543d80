import type { User } from '@carillon/client';
import type { MappedUser } from '../../model/map-user.ts';
import { deliveredOf } from '../delivered-of.ts';
import { DONE } from '../destination.ts';
import type { Delivered } from '../destination.ts';
import { addressName } from '../user-body.ts';
import type { UserCalls } from './user-calls.ts';

type Listed = Pick<User['subscriptions'][number], 'type' | 'token'> & { readonly enabled?: boolean };

/**
 * After a create of somebody who existed: turns off the addresses that the row has no more, and gives
 * those that it has the consent that it says. Where the answer may be listing only what was sent, the
 * user is looked at, which the server allows once a second only; one answer that lists more is proof
 * that this is not needed.
 */
export async function settleSubscriptions(
  calls: UserCalls,
  user: MappedUser,
  created: User,
): Promise<Delivered> {
  const wanted = new Map(user.subscriptions.map((one) => [addressName(one), one.enabled]));
  let listed: readonly Listed[] = (created as Partial<User>).subscriptions ?? [];
  if (listed.some((one) => !wanted.has(addressName(one)))) calls.listed.all = true;
  if (!calls.listed.all) {
    const alias = { label: 'external_id', id: user.externalId };
    const view = await calls.view(() => calls.client.users.view(alias, calls.signal));
    if (!view.ok && view.failure.kind !== 'not-found') return deliveredOf(view);
    if (view.ok) listed = view.value.subscriptions;
  }
  for (const { type, token, enabled } of listed) {
    if (type !== 'Email' && type !== 'SMS') continue;
    const named = wanted.get(addressName({ type, token }));
    const should = named ?? false;
    if (enabled === should) continue;
    const body = { enabled: should, notification_types: should ? 1 : -2 };
    const set = () =>
      calls.write(() => calls.client.subscriptions.updateByToken(type, token, body, calls.signal));
    const isOther = named === undefined;
    const answer = isOther ? await calls.claims.turnOff(user.externalId, { type, token }, set) : await set();
    if (answer?.ok === false && answer.failure.kind !== 'not-found') return deliveredOf(answer);
  }
  return DONE;
}
