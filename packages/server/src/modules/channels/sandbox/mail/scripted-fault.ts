/**
 * What the sandbox's mail server does with a recipient, by the first word of the address: everything
 * before the @ up to the first of `+ - .` or a digit. Any other address is accepted and reported
 * as delivered.
 *
 * | address | what happens |
 * | --- | --- |
 * | `refuse@…` | refused for ever: 550 5.1.1 after RCPT TO |
 * | `defer@…` | refused for now, each time: 451 4.2.1 after RCPT TO |
 * | `once@…` | refused for now the first time (451 4.2.1), then accepted: `once+7@…` |
 * | `bounce@…` | accepted, then reported as bounced |
 * | `soft@…` | accepted, then reported as bounced for the moment |
 * | `complain@…` | accepted, reported as delivered, then as spam |
 * | `busy@…` | refused for now, each time, with seven seconds to wait where the protocol can say so: 451, or 429 over HTTP |
 * | `slow@…` | accepted after a second |
 * | `drop@…` | the connection is cut in the middle of the mail; nothing is kept |
 * | `lost@…` | the mail is kept, then the connection is cut before the answer |
 */
export type ScriptedFault =
  | 'refuse'
  | 'defer'
  | 'once'
  | 'bounce'
  | 'soft'
  | 'complain'
  | 'busy'
  | 'slow'
  | 'drop'
  | 'lost';

const FAULTS: ReadonlySet<string> = new Set<ScriptedFault>([
  'refuse',
  'defer',
  'once',
  'bounce',
  'soft',
  'complain',
  'busy',
  'slow',
  'drop',
  'lost',
]);

/** The fault that an address asks for, or null. */
export function scriptedFaultOf(address: string): ScriptedFault | null {
  const word = /^([a-z]+)(?:[+\-.\d][^@]*)?@/i.exec(address)?.[1]?.toLowerCase();
  return word !== undefined && FAULTS.has(word) ? (word as ScriptedFault) : null;
}

/** What becomes of a mail that was taken in. */
export type MailFate = 'delivered' | 'bounced' | 'soft_bounced' | 'complained';

const FATES: ReadonlyMap<ScriptedFault | null, MailFate> = new Map([
  ['bounce', 'bounced'],
  ['soft', 'soft_bounced'],
  ['complain', 'complained'],
]);

/** What becomes of a mail that was taken in with such a fault, or without one. */
export function fateOf(fault: ScriptedFault | null): MailFate {
  return FATES.get(fault) ?? 'delivered';
}
