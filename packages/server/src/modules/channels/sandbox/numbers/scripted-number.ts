/** A refusal in the codes of each protocol. */
export interface NumberRefusal {
  readonly twilio: number;
  readonly smpp: number;
  readonly vonage: string;
}

/**
 * What the sandbox does with a text message, by its recipient's number. Every number of +1 500 555 xxxx asks for
 * something: Twilio keeps the first of them for tests, and nobody has the others. Any other number is accepted and
 * reported as delivered. The last three digits tell recipients apart.
 *
 * | number | what happens | Twilio | SMPP | Vonage |
 * | --- | --- | --- | --- | --- |
 * | `+15005550001` | refused for ever: no such number | 400, 21211 | 0x0b | 422, 1190 |
 * | `+15005550002` | refused for ever: no way there | 400, 21612 | 0x0b | 422, 1250 |
 * | `+15005550003` | refused until the country is permitted | 400, 21408 | 0x66 | 422, 1160 |
 * | `+15005550004` | refused for ever: has texted STOP | 400, 21610 | 0x66 | 422, 1240 |
 * | `+15005550009` | refused for ever: gets no texts | 400, 21614 | 0x0b | 422, 1310 |
 * | `+15005551xxx` | refused for ever: no such number | 400, 21211 | 0x0b | 422, 1190 |
 * | `+15005552xxx` | refused for now, each time | 503 | 0x14 | 500, 1030 |
 * | `+15005553xxx` | refused for now the first time, then accepted | 503 | 0x14 | 500, 1030 |
 * | `+15005554xxx` | accepted, then reported as undelivered | 30003 | UNDELIV | 1180 |
 * | `+15005555xxx` | accepted after a second | | | |
 * | `+15005556xxx` | the connection is cut; nothing is kept | | | |
 * | `+15005557xxx` | kept, then the connection is cut before the answer | | | |
 * | `+15005558xxx` | too many at a time, each time | 429, Retry-After: 7 | 0x58 | 429, Retry-After: 7 |
 * | `+15005559xxx` | accepted, and its person answers STOP | | | |
 */
export type ScriptedSms =
  | ({ readonly kind: 'refuse' } & NumberRefusal)
  | { readonly kind: 'defer' | 'once' | 'undelivered' | 'slow' | 'drop' | 'lost' | 'throttle' | 'stop' }
  | { readonly kind: 'accept' };

const NO_SUCH_NUMBER = { kind: 'refuse', twilio: 21211, smpp: 0x0b, vonage: '1190' } as const;

const MAGIC: Readonly<Record<string, ScriptedSms>> = {
  '0001': NO_SUCH_NUMBER,
  '0002': { kind: 'refuse', twilio: 21612, smpp: 0x0b, vonage: '1250' },
  '0003': { kind: 'refuse', twilio: 21408, smpp: 0x66, vonage: '1160' },
  '0004': { kind: 'refuse', twilio: 21610, smpp: 0x66, vonage: '1240' },
  '0009': { kind: 'refuse', twilio: 21614, smpp: 0x0b, vonage: '1310' },
};

const BY_DIGIT: Readonly<Record<string, ScriptedSms>> = {
  1: NO_SUCH_NUMBER,
  2: { kind: 'defer' },
  3: { kind: 'once' },
  4: { kind: 'undelivered' },
  5: { kind: 'slow' },
  6: { kind: 'drop' },
  7: { kind: 'lost' },
  8: { kind: 'throttle' },
  9: { kind: 'stop' },
};

/** What a number asks for; its plus may be missing. */
export function scriptOf(number: string): ScriptedSms {
  const last = /^\+?1500555(\d{4})$/.exec(number)?.[1];
  if (last === undefined) return { kind: 'accept' };
  return MAGIC[last] ?? BY_DIGIT[last.charAt(0)] ?? { kind: 'accept' };
}
