import type { TestEventStreamAnswer } from '@carillon/wire';
import { Breaker } from '../../../platform/breaker.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Destination } from '../destination.ts';
import { sampleEvent } from './sample-event.ts';

/** Sends an event that is made up, once, and writes it down nowhere. The destination is closed afterwards. */
export async function tryDestination(
  destination: Destination,
  kind: string,
  clock: Clock,
): Promise<TestEventStreamAnswer> {
  const now = clock.now();
  const breaker = new Breaker(0, () => true);
  try {
    const start = { cursor: `test ${now}`, at: now };
    const { outcomes, attempts } = await destination.deliver([sampleEvent(kind, now)], breaker, start);
    const [attempt] = attempts;
    const [outcome] = outcomes;
    return {
      outcome: outcome?.state === 'taken' ? 'taken' : 'failed',
      status: attempt?.status ?? null,
      reason: outcome?.state === 'failed' || outcome?.state === 'gone' ? outcome.reason : null,
      milliseconds: attempt?.milliseconds ?? 0,
      request: attempt?.request ?? null,
      answer: attempt?.answer ?? null,
    };
  } finally {
    await destination.close();
  }
}
