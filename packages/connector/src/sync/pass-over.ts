import type { Session } from './session.ts';

const CHUNK = 1000;
/** The pass waits while more than this waits in the outbox: changes of now go before it. */
const MOST_WAITING_BYTES = 128 * 1024;

/**
 * Queues every user of the model once, in the order of the keys; goes on where an earlier run
 * stopped. What has not changed since it was acknowledged costs a look and no request.
 */
export async function passOver(
  { home, source, queued, drained, report }: Session,
  signal: AbortSignal,
): Promise<void> {
  const { outbox, state } = home;
  let { after, done } = state.progress.pass;
  let count = 0;
  if (done) report({ kind: 'pass', queued: 0, done });
  while (!done && !signal.aborted) {
    if (outbox.backlog > MOST_WAITING_BYTES) {
      await drained.wait(signal);
      continue;
    }
    const keys = await source.keys(after, CHUNK);
    if (keys.length > 0) await outbox.append(keys.map((key) => ({ kind: 'user', key })));
    after = keys.at(-1) ?? after;
    done = keys.length < CHUNK;
    count += keys.length;
    await state.commit([], { pass: { after, done } });
    report({ kind: 'pass', queued: count, done });
    queued.ring();
  }
}
