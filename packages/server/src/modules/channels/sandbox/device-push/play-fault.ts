import { sleep } from '../../../../platform/clock.ts';
import type { Clock } from '../../../../platform/clock.ts';
import type { Reply } from './http2-receiver.ts';
import type { DeviceFault } from './scripted-device-fault.ts';

/** Faults that each service says in words of its own. */
export type RefusalFault = 'gone' | 'unknown' | 'stranger' | 'large' | 'busy' | 'defer';

type Answer = Extract<Reply, { readonly kind: 'answer' }>;

export interface Playing {
  readonly fault: DeviceFault | null;
  /** Names the delivery: `once` refuses the first time that it sees one. */
  readonly key: string;
  /** Keeps the message; the answer to one that was taken. */
  readonly accept: () => Promise<Answer>;
  readonly refuse: (fault: RefusalFault) => Answer;
}

const SLOW_MS = 1_000;

/** Plays the fault that a token asks for. */
export class FaultPlayer {
  readonly #clock: Clock;
  readonly #seen = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async play({ fault, key, accept, refuse }: Playing): Promise<Reply> {
    switch (fault) {
      case null:
        return accept();
      case 'once':
        if (this.#seen.has(key)) return accept();
        this.#seen.add(key);
        return refuse('defer');
      case 'slow':
        return { ...(await accept()), slowly: sleep(this.#clock, SLOW_MS) };
      case 'leave':
        return { ...(await accept()), leaves: true };
      case 'lost':
        await accept();
        return { kind: 'reset' };
      case 'drop':
        return { kind: 'reset' };
      case 'crash':
        return { kind: 'crash' };
      case 'garble':
        return {
          kind: 'answer',
          status: 502,
          headers: { 'content-type': 'text/html' },
          body: '<html><body>Bad gateway</body></html>',
        };
      case 'gone':
      case 'unknown':
      case 'stranger':
      case 'large':
      case 'busy':
      case 'defer':
        return refuse(fault);
    }
  }
}
