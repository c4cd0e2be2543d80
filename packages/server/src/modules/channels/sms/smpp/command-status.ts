import type { Outcome } from '../../channel.ts';

/** Statuses of section 5.1.3 by what they say of a message. Any other, a vendor's own included, is "not now". */
const NEVER: Readonly<Record<number, string>> = {
  0x01: 'the message is too long',
  0x0b: 'the SMSC knows no such number',
  0x33: 'the SMSC knows no such number',
  0x61: 'the SMSC does not take the time to send it at',
  0x62: 'the SMSC does not take the validity period',
  0x65: 'the SMSC will not take it',
  0x66: 'the SMSC rejects it',
};

const MEND: Readonly<Record<number, string>> = {
  0x05: 'already bound: another session uses this system_id',
  0x0a: 'the sender is not one of this account: set `from` of the settings, or sms_from of the message',
  0x0d: 'the SMSC does not let this client in: look at system_id, password and the addresses it permits',
  0x0e: 'the password is wrong: set it with PUT /apps/{app_id}/channels/sms',
  0x0f: 'there is no such system_id: set it with PUT /apps/{app_id}/channels/sms',
  0x15: 'the SMSC does not offer this service to the account',
  0x48: 'source_ton does not suit the SMSC',
  0x49: 'source_npi does not suit the SMSC',
  0x50: 'destination_ton does not suit the SMSC',
  0x51: 'destination_npi does not suit the SMSC',
  0x53: 'system_type does not suit the SMSC',
};

const BUSY: Readonly<Record<number, string>> = {
  0x08: 'the SMSC has a fault',
  0x14: 'the queue of the SMSC is full',
  0x45: 'the SMSC could not take it',
  0x58: 'the SMSC takes no more messages a second',
  0x64: 'the SMSC has a fault for a while',
};

export const STATUS = {
  ok: 0,
  invalidLength: 0x02,
  invalidCommand: 0x03,
  wrongBindState: 0x04,
  wrongNumber: 0x0b,
  bindFailed: 0x0d,
  wrongPassword: 0x0e,
  wrongSystemId: 0x0f,
  queueFull: 0x14,
  throttled: 0x58,
  faultForAWhile: 0x64,
} as const;

/** Why, in words, with the status as the protocol writes it. */
export function reasonOfStatus(status: number): string {
  const words = NEVER[status] ?? MEND[status] ?? BUSY[status];
  const name = `SMPP 0x${status.toString(16).padStart(8, '0')}`;
  return words === undefined ? name : `${name}: ${words}`;
}

/** What a status other than 0 says of the message. No status speaks of the number alone: a wrong type of number looks the same. */
export function outcomeOfStatus(status: number): Outcome {
  const reason = reasonOfStatus(status);
  if (status in NEVER) return { state: 'failed', reason };
  const isLimited = status === STATUS.throttled || status === STATUS.queueFull;
  return { state: 'retry', reason, afterMs: null, ...(isLimited && ({ limited: true } as const)) };
}
