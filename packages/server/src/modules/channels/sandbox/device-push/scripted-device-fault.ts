/**
 * What the sandbox's push services for devices do with a token. A token of APNs says it by its first eight
 * digits, one of the others by the word before its first `:`. Any other token takes every message.
 *
 * | APNs | others | what happens |
 * | --- | --- | --- |
 * | `fa170410…` | `gone:…` | the app is not on the device any more: 410 `Unregistered`, 404 `UNREGISTERED`, 400 `Unregistered`, an illegal token |
 * | `fa170400…` | `unknown:…` | no such token: 400 `BadDeviceToken`, 400 `INVALID_ARGUMENT`, 400 `InvalidRegistrationId`, an illegal token |
 * | `fa170403…` | `stranger:…` | a token of another app: 400 `DeviceTokenNotForTopic`, 403 `SENDER_ID_MISMATCH`, as the one before |
 * | `fa170413…` | `large:…` | too large: 413 `PayloadTooLarge`, 400 `INVALID_ARGUMENT`, 413 `MessageTooLarge`, 80300008 |
 * | `fa170429…` | `busy:…` | too much for now: 429, or 503 of Huawei, with `Retry-After: 30` |
 * | `fa170503…` | `defer:…` | refused for now, each time: 503, or 81000001 of Huawei |
 * | `fa171503…` | `once:…` | refused for now the first time, then taken |
 * | `fa170001…` | `slow:…` | taken; the answer begins at once and ends after a second |
 * | `fa170002…` | `drop:…` | the request is cut; nothing is kept |
 * | `fa170003…` | `lost:…` | the message is kept, then the request is cut before the answer |
 * | `fa170004…` | `leave:…` | taken, and the connection ends in order: GOAWAY, what came before is answered |
 * | `fa170005…` | `crash:…` | the connection is cut with everything on it; nothing is kept |
 * | `fa170006…` | `garble:…` | the answer is a page of a proxy: 502 and no JSON |
 *
 * Of a request of Huawei's with several tokens, the first three are said of the token, and the others of the request.
 */
const FAULTS = {
  fa170410: 'gone',
  fa170400: 'unknown',
  fa170403: 'stranger',
  fa170413: 'large',
  fa170429: 'busy',
  fa170503: 'defer',
  fa171503: 'once',
  fa170001: 'slow',
  fa170002: 'drop',
  fa170003: 'lost',
  fa170004: 'leave',
  fa170005: 'crash',
  fa170006: 'garble',
} as const;

export type DeviceFault = (typeof FAULTS)[keyof typeof FAULTS];

const BY_DIGITS: ReadonlyMap<string, DeviceFault> = new Map(Object.entries(FAULTS));
const WORDS: ReadonlySet<string> = new Set(BY_DIGITS.values());

/** The fault that a token of APNs asks for, or null. */
export function apnsFaultOf(token: string): DeviceFault | null {
  return BY_DIGITS.get(token.slice(0, 8).toLowerCase()) ?? null;
}

/** The fault that a token of FCM, Huawei or Amazon asks for, or null. */
export function wordFaultOf(token: string): DeviceFault | null {
  const word = token.slice(0, Math.max(0, token.indexOf(':')));
  return WORDS.has(word) ? (word as DeviceFault) : null;
}
