import { sleep } from '../../../../platform/clock.ts';
import type { Clock } from '../../../../platform/clock.ts';
import { PushRefusal } from './push-refusal.ts';
import type { ScriptedPushFault } from './scripted-push-fault.ts';

/** Thrown where a request, or the whole connection that brought it, is to be cut and not answered. */
export class Cut extends Error {
  override readonly name = 'Cut';
  readonly what: 'request' | 'connection';

  constructor(what: Cut['what']) {
    super(`the ${what} is cut`);
    this.what = what;
  }
}

/** Thrown where the answer is to be one of no push service. */
export class Garbled extends Error {
  override readonly name = 'Garbled';
}

const SLOW_MS = 1_000;
const BUSY_S = 30;
const MOST_REMEMBERED = 10_000;

/** Plays what endpoints ask for. */
export class FaultPlayer {
  readonly #clock: Clock;
  /** Endpoints that were refused `once`. */
  readonly #deferred = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Before a message is looked at. Throws PushRefusal, Cut or Garbled. @param name the last part of the endpoint */
  async before(fault: ScriptedPushFault | null, name: string): Promise<void> {
    switch (fault) {
      case 'gone':
        throw new PushRefusal(410, 'the subscription has ended, as its endpoint asks for');
      case 'forbid':
        throw new PushRefusal(403, 'the key is refused, as the endpoint asks for');
      case 'large':
        throw new PushRefusal(413, 'the message is too large, as the endpoint asks for');
      case 'busy':
        throw new PushRefusal(429, 'too many messages, as the endpoint asks for', BUSY_S);
      case 'defer':
        throw new PushRefusal(503, 'not now, as the endpoint asks for');
      case 'once':
        if (this.#isFirst(name)) throw new PushRefusal(503, 'not the first time, as the endpoint asks for');
        return;
      case 'slow':
        return sleep(this.#clock, SLOW_MS);
      case 'drop':
        throw new Cut('request');
      case 'crash':
        throw new Cut('connection');
      case 'garble':
        throw new Garbled();
      case 'lost':
      case 'leave':
      case null:
        return;
    }
  }

  /** When a message is kept. Throws Cut. */
  after(fault: ScriptedPushFault | null): void {
    if (fault === 'lost') throw new Cut('request');
  }

  #isFirst(name: string): boolean {
    if (this.#deferred.has(name)) return false;
    if (this.#deferred.size >= MOST_REMEMBERED) this.#deferred.clear();
    this.#deferred.add(name);
    return true;
  }
}
