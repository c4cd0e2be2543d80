import { sleep } from '../../../../platform/clock.ts';
import type { Clock } from '../../../../platform/clock.ts';
import type { ArrivedSms } from './arrived-sms.ts';
import { scriptOf } from './scripted-number.ts';
import type { NumberRefusal } from './scripted-number.ts';

/** What a receiver does with a message, each in the words of its protocol. */
export type NumberVerdict =
  /** The codes of the refusal. */
  | ({ readonly kind: 'refuse' } & NumberRefusal)
  /** Not now; too many at a time. */
  | { readonly kind: 'defer' | 'throttle' }
  /** The connection is cut; nothing is kept. */
  | { readonly kind: 'cut' }
  | {
      readonly kind: 'take';
      readonly fate: ArrivedSms['fate'];
      /** False: the connection is cut when the message is kept. */
      readonly isAnswered: boolean;
      /** Its person texts STOP. */
      readonly isStopped: boolean;
    };

const SLOW_MS = 1_000;
const MOST_REMEMBERED = 10_000;

const TAKEN = { kind: 'take', fate: 'delivered', isAnswered: true, isStopped: false } as const;

/** Plays what a recipient's number asks for (scripted-number.ts). */
export class NumberPlayer {
  readonly #clock: Clock;
  /** Numbers that were refused `once`. */
  readonly #deferred = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the message is to be answered. */
  async play(number: string): Promise<NumberVerdict> {
    const script = scriptOf(number);
    switch (script.kind) {
      case 'refuse':
        return script;
      case 'defer':
      case 'throttle':
        return { kind: script.kind };
      case 'drop':
        return { kind: 'cut' };
      case 'once':
        return this.#isFirst(number) ? { kind: 'defer' } : TAKEN;
      case 'slow':
        await sleep(this.#clock, SLOW_MS);
        return TAKEN;
      case 'undelivered':
        return { ...TAKEN, fate: 'undelivered' };
      case 'lost':
        return { ...TAKEN, isAnswered: false };
      case 'stop':
        return { ...TAKEN, isStopped: true };
      case 'accept':
        return TAKEN;
    }
  }

  #isFirst(number: string): boolean {
    if (this.#deferred.has(number)) return false;
    if (this.#deferred.size >= MOST_REMEMBERED) this.#deferred.clear();
    this.#deferred.add(number);
    return true;
  }
}
