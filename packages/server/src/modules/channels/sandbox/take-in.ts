import { isUuid } from '../../../platform/ids.ts';
import type { DeliveryReference } from '../delivery-reference.ts';
import type { DevicePush } from './device-push/device-push.ts';
import type { Arrival } from './inbox/message-box.ts';
import { writeBrowserPush, writeDevicePush } from './inbox/push-content.ts';
import { writeSms } from './inbox/sms-content.ts';
import type { ArrivedMail } from './mail/smtp-receiver.ts';
import type { ArrivedSms } from './numbers/arrived-sms.ts';
import type { NamedPush, PlatformOfSandbox } from './platform-of-sandbox.ts';
import type { ArrivedPush } from './push-service/take-push.ts';

/** A message on its way into the box. */
export interface Arriving {
  readonly arrival: Arrival;
  /** A push whose delivery is still to be found. */
  readonly push: NamedPush | null;
}

const NO_ACCOUNT = { account: '', reference: null } as const;

export function arrivingMail(mail: ArrivedMail, platform: PlatformOfSandbox | null): Arriving {
  const reference = platform?.deliveryOfMail(mail) ?? null;
  const { account, sender, recipient, providerId, raw, fate, at } = mail;
  const messageId = reference?.messageId ?? null;
  const said = { account, sender, recipient, providerId, raw, fate, at };
  return { arrival: { ...said, channel: 'email', messageId, reference }, push: null };
}

export function arrivingSms(sms: ArrivedSms, platform: PlatformOfSandbox | null): Arriving {
  const { account, from, to, ref, fate, at, deliveryKey } = sms;
  const reference = deliveryKey === null ? null : (platform?.deliveryOfSms(deliveryKey)?.reference ?? null);
  const arrival = {
    channel: 'sms',
    account,
    sender: from,
    recipient: to,
    providerId: ref,
    messageId: reference?.messageId ?? null,
    reference,
    raw: writeSms(sms),
    fate,
    at,
  } as const;
  return { arrival, push: null };
}

export function arrivingDevicePush(push: DevicePush): Arriving {
  const { transport, sender, token, providerId, at } = push;
  const messageId = idOf(push.messageId);
  const arrival = {
    ...NO_ACCOUNT,
    channel: transport,
    sender,
    recipient: token,
    providerId,
    messageId,
    raw: writeDevicePush(push),
    fate: 'delivered',
    at,
  } as const;
  return { arrival, push: messageId === null ? null : { messageId, transport, token } };
}

export function arrivingBrowserPush(push: ArrivedPush): Arriving {
  const messageId = messageIdIn(push.payload);
  const transport = 'web_push';
  const arrival = {
    ...NO_ACCOUNT,
    channel: transport,
    sender: '',
    recipient: push.endpoint,
    providerId: push.id,
    messageId,
    raw: writeBrowserPush(push),
    fate: 'delivered',
    at: push.at,
  } as const;
  return { arrival, push: messageId === null ? null : { messageId, transport, token: push.endpoint } };
}

/** Fills in which deliveries the pushes of a batch are. What is not the platform's is nobody's. */
export async function withDeliveries(
  batch: readonly Arriving[],
  platform: PlatformOfSandbox | null,
): Promise<Arrival[]> {
  const pushes = batch.flatMap(({ push }) => push ?? []);
  if (platform === null || pushes.length === 0) return batch.map(({ arrival }) => arrival);
  const found = await platform.deliveriesOfPushes(pushes);
  const references = new Map<NamedPush, DeliveryReference | null>(
    pushes.map((push, index) => [push, found[index] ?? null]),
  );
  return batch.map(({ arrival, push }) =>
    push === null ? arrival : { ...arrival, reference: references.get(push) ?? null },
  );
}

function messageIdIn(payload: string): string | null {
  try {
    const { custom } = Object(JSON.parse(payload)) as { custom?: { i?: unknown } | null };
    return idOf(custom?.i);
  } catch {
    return null;
  }
}

/** Others may say anything there. */
function idOf(value: unknown): string | null {
  return typeof value === 'string' && isUuid(value) ? value : null;
}
