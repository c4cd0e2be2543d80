import type { Client } from '@carillon/client';
import type { MappedUser } from '../../model/map-user.ts';
import type { AddressClaims } from '../address-claims.ts';
import { deliveredOf } from '../delivered-of.ts';
import { DONE } from '../destination.ts';
import type { Delivered } from '../destination.ts';
import type { Persist } from '../send-message.ts';
import { addressName } from '../user-body.ts';

/** Unsubscribed, as opposed to never asked. */
const OFF = { enabled: false, notification_types: -2 };

/** Turns off the addresses of a user that the row does not name any more. Devices are left alone. */
export function turnOffOthers(
  client: Client,
  user: MappedUser,
  claims: AddressClaims,
  persist: Persist,
  signal: AbortSignal,
): Promise<Delivered> {
  const wanted = new Set(user.subscriptions.map(addressName));
  const isOther = (type: string, token: string) =>
    (type === 'Email' || type === 'SMS') && !wanted.has(addressName({ type, token }));
  return turnOff(client, user.externalId, isOther, claims, persist, signal);
}

/** Turns off every subscription of a user, devices included. One who is not there is done. */
export function turnOffAll(
  client: Client,
  externalId: string,
  claims: AddressClaims,
  persist: Persist,
  signal: AbortSignal,
): Promise<Delivered> {
  return turnOff(client, externalId, () => true, claims, persist, signal);
}

async function turnOff(
  client: Client,
  externalId: string,
  isMeant: (type: string, token: string) => boolean,
  claims: AddressClaims,
  persist: Persist,
  signal: AbortSignal,
): Promise<Delivered> {
  const alias = { label: 'external_id', id: externalId };
  const view = await persist(() => client.users.view(alias, signal));
  if (!view.ok) return view.failure.kind === 'not-found' ? DONE : deliveredOf(view);
  for (const { id, type, token, enabled } of view.value.subscriptions) {
    if (!enabled || !isMeant(type, token)) continue;
    const answer = await claims.turnOff(externalId, { type, token }, () =>
      persist(() => client.subscriptions.update(id, OFF, signal)),
    );
    if (answer?.ok === false && answer.failure.kind !== 'not-found') return deliveredOf(answer);
  }
  return DONE;
}
