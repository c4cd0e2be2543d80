import type { Device } from '../../devices/device.ts';
import { exactly, uuid } from '../../wire/checks.ts';
import { expectAnswer, textAt } from '../../wire/expect-answer.ts';
import { subscription } from '../models.ts';

export interface OpenedDevice {
  readonly userId: string;
  readonly subscriptionId: string;
  readonly token: string;
}

/** What a device says of its person when it creates a user. */
export const PROPERTIES = { timezone_id: 'Europe/Berlin', language: 'en' };

/** `users/by/onesignal_id/…` */
export function userPath(id: string): string {
  return `users/by/onesignal_id/${id}`;
}

/** The first open with permission given: an anonymous user with the push subscription of the device. */
export async function openFirst(device: Device): Promise<OpenedDevice> {
  const token = device.voice.newToken();
  const answer = await device.call('POST', 'users', {
    identity: {},
    subscriptions: [device.voice.push(token)],
    properties: PROPERTIES,
    refresh_device_metadata: true,
  });
  expectAnswer(answer, [200, 201], {
    identity: exactly({ onesignal_id: uuid }),
    properties: PROPERTIES,
    subscriptions: [{ ...subscription, type: device.voice.pushType, token, enabled: true }],
  });
  device.subscriptionId = textAt(answer, 'subscriptions.0.id');
  return {
    userId: textAt(answer, 'identity.onesignal_id'),
    subscriptionId: device.subscriptionId,
    token,
  };
}
