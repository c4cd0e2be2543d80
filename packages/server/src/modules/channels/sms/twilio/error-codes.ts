/**
 * What Twilio's error codes (twilio.com/docs/api/errors) say of a message that was handed over:
 *
 * - `address`: nobody can ever be reached at this number
 * - `unsubscribed`: its person has texted STOP
 * - `message`: this message will never go to this number
 * - `settings`: the account, the sender or this server has to be mended, and then it goes
 * - `busy`: not now
 */
export type TwilioFault = 'address' | 'unsubscribed' | 'message' | 'settings' | 'busy';

const FAULTS: Readonly<Record<TwilioFault, readonly number[]>> = {
  // Not a phone number; a landline; a number that cannot get texts. RCS that a telephone does not have says nothing of SMS.
  address: [21211, 21217, 21614, 21635],
  unsubscribed: [21610],
  // No text; no way to this number; too long; media that cannot be sent.
  message: [21602, 21604, 21605, 21612, 21617, 21619, 21620, 21622, 21623, 21656, 63106],
  // Credentials, suspension, permissions, senders, messaging services, the trial, the address for reports.
  settings: [
    20003, 20005, 20008, 20404, 21408, 21212, 21603, 21606, 21607, 21608, 21609, 21618, 21659, 21660, 21661,
    21701, 21703, 21704, 21705, 30002, 30034, 63007,
  ],
  busy: [14107, 20429, 21611, 30001, 30022],
};

const HINTS: Readonly<Record<number, string>> = {
  20003: 'set the account SID and its token or API key with PUT /apps/{app_id}/channels/sms',
  20404: 'set the account SID with PUT /apps/{app_id}/channels/sms',
  21408: 'permit the country in the geographic permissions of the account',
  21608: 'verify the number, or upgrade the trial account',
  21609: 'set CARILLON_PUBLIC_URL to an address that Twilio reaches',
  30034: 'register the sender for A2P 10DLC',
};
const SENDER_HINT = 'set a sender of this account, in `from` of the settings or `sms_from` of the message';
const SENDER_CODES = new Set([
  21212, 21603, 21606, 21607, 21618, 21659, 21660, 21661, 21701, 21703, 21704, 21705, 63007,
]);

const byCode = new Map<number, TwilioFault>(
  Object.entries(FAULTS).flatMap(([fault, codes]) =>
    codes.map((code) => [code, fault as TwilioFault] as const),
  ),
);

/** Null for a code that the table does not have. */
export function faultOfCode(code: number): TwilioFault | null {
  return byCode.get(code) ?? null;
}

/** What whoever runs the app has to do. */
export function hintOf(code: number): string {
  return HINTS[code] ?? (SENDER_CODES.has(code) ? SENDER_HINT : 'look at the account in the Twilio console');
}

/** What the codes of reports mean, in our words. Reports carry the code alone. */
const REPORTED: Readonly<Record<number, string>> = {
  21610: 'the recipient has texted STOP',
  30001: 'the queue of the sender was full',
  30002: 'the account is suspended',
  30003: 'the telephone is switched off or out of reach',
  30004: 'the recipient does not take messages',
  30005: 'nobody has this number',
  30006: 'a landline, or a network that cannot be reached',
  30007: 'the network took it for spam',
  30008: 'the network did not say why',
  30009: 'a part of the message was lost',
  30010: 'it would have cost more than MaxPrice',
  63106: 'the telephone has no RCS',
  30034: 'the sender is not registered for A2P 10DLC',
};

/** Why a message did not arrive, by the code of the report. */
export function reportedReason(code: number | null): string {
  if (code === null) return 'Twilio did not say why';
  const words = REPORTED[code];
  return words === undefined ? `Twilio ${code}` : `Twilio ${code}: ${words}`;
}
