/**
 * What the sandbox's push service does with a message, by the word before the first dot of the last part of its
 * endpoint. `/wpush/v2/gone.7` is gone, whoever it is; `/wpush/v2/slow.<token>` is the subscription of that
 * token, slowly.
 *
 * | word | what happens |
 * | --- | --- |
 * | `gone` | the subscription has ended: 410 |
 * | `forbid` | the key of the app is refused: 403 |
 * | `large` | the message is too large: 413 |
 * | `busy` | refused for now: 429 with `Retry-After: 30` |
 * | `defer` | refused for now: 503 |
 * | `once` | refused for now the first time (503), then taken |
 * | `slow` | taken after a second |
 * | `drop` | the request is cut; nothing is kept |
 * | `lost` | the message is kept, then the request is cut before the answer |
 * | `leave` | taken, and the connection ends in order: what came before is answered |
 * | `crash` | the connection is cut with everything on it; nothing is kept |
 * | `garble` | the answer is a page of a proxy: 502 and no JSON |
 */
const FAULTS = [
  'gone',
  'forbid',
  'large',
  'busy',
  'defer',
  'once',
  'slow',
  'drop',
  'lost',
  'leave',
  'crash',
  'garble',
] as const;

export type ScriptedPushFault = (typeof FAULTS)[number];

export interface NamedEndpoint {
  readonly fault: ScriptedPushFault | null;
  /** What is left: the token of a subscription, or anything. */
  readonly token: string;
}

/** Reads the last part of an endpoint's path. */
export function readEndpointName(name: string): NamedEndpoint {
  const dot = name.indexOf('.');
  const word = name.slice(0, Math.max(0, dot));
  const fault = FAULTS.find((each) => each === word) ?? null;
  return { fault, token: fault === null ? name : name.slice(dot + 1) };
}
