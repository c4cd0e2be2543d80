import { setTimeout as pause } from 'node:timers/promises';
import { dueAgain } from '../home/look.ts';
import { planItems } from '../model/plan-items.ts';
import { qualified } from '../model/transition.ts';
import { triggersOf } from '../model/triggers.ts';
import type { Trigger } from '../model/triggers.ts';
import { keep, look, lookOf } from './look.ts';
import { askForPass, passOver } from './pass-over.ts';
import type { Session } from './session.ts';

/**
 * Diff mode: looks at everything, again and again. Between two looks only the last state of a row
 * counts: one that reaches a trigger's state and leaves it again is not seen to have been there.
 */
export async function lookAgain(session: Session, signal: AbortSignal): Promise<void> {
  const { everyMs } = session.connector.source;
  while (!signal.aborted) {
    await passOver(session, signal);
    for (const trigger of triggersOf(session.connector)) await lookAtTrigger(session, trigger, signal);
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await askForPass(session, false);
  }
}

/** Rows that have come to a trigger's state since the last look have just become so. */
async function lookAtTrigger(session: Session, { id, on }: Trigger, signal: AbortSignal): Promise<void> {
  const { connector, source, home, queued } = session;
  const table = qualified(on.table);
  const before = lookOf(session, id);
  if (before.step.at === 'done') await keep(session, id, dueAgain(before, false));
  await look(
    session,
    {
      name: id,
      query: { of: 'reached', table, becomes: on.becomes },
      found: () => undefined,
      async queue(differences) {
        const keys = differences.filter(({ kind }) => kind !== 'gone').map(({ key }) => key);
        const { items, rejects } = planItems(connector, await source.changed(table, keys), (digest) =>
          home.state.has(digest),
        );
        await home.outbox.append(items.filter(({ kind }) => kind !== 'user'));
        await home.rejects.add(rejects, Date.now());
        queued.ring();
      },
    },
    signal,
  );
}
