import { Http2Fault } from './http2-fault.ts';
import type { Http2Answer, Http2Request } from './http2-request.ts';
import { TimeLimit } from './time-limit.ts';

/** A request on its way to its answer, on whichever connection takes it. */
export class Call {
  readonly asked: Http2Request;
  readonly limit: TimeLimit;
  /** How often it has been sent. */
  tries = 0;
  readonly #resolve: (answer: Http2Answer) => void;
  readonly #reject: (fault: Http2Fault) => void;

  constructor(
    asked: Http2Request,
    resolve: (answer: Http2Answer) => void,
    reject: (fault: Http2Fault) => void,
  ) {
    this.asked = asked;
    this.limit = new TimeLimit(asked.timeoutMs);
    this.#resolve = resolve;
    this.#reject = reject;
  }

  settle(result: Http2Answer | Http2Fault): void {
    this.limit.end();
    if (result instanceof Http2Fault) this.#reject(result);
    else this.#resolve(result);
  }
}
