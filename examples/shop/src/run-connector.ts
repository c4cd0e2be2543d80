import { EventEmitter, once } from 'node:events';
import { runWatch } from '@carillon/connector';
import type { Connector, Report } from '@carillon/connector';

/** The connector at work, in this process. */
export interface RunningConnector {
  /** Resolves when all customers have been brought over; fails when the connector does. */
  readonly caughtUp: Promise<void>;
  /** Fails when the connector does; else ends with `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export function startConnector(connector: Connector, report: (report: Report) => void): RunningConnector {
  const controller = new AbortController();
  const caughtUp = new EventEmitter();
  const done = once(caughtUp, 'done');
  const state = { reading: false, passed: false, idle: false };
  const ended = runWatch(connector, {
    signal: controller.signal,
    report(told) {
      if (told.kind === 'begun') state.reading = true;
      if (told.kind === 'pass') {
        state.passed = told.done;
        state.idle &&= told.queued === 0;
      }
      if (told.kind === 'caught-up') state.idle = true;
      if (state.reading && state.passed && state.idle) caughtUp.emit('done');
      report(told);
    },
  });
  ended.catch(() => undefined);
  const failed = ended.then(() => Promise.reject(new Error('the connector was stopped')));
  return {
    caughtUp: Promise.race([done.then(() => undefined), failed]),
    ended,
    async stop() {
      controller.abort();
      await ended;
    },
  };
}
