import type { Client } from '@carillon/client';
import { ask, askWhether } from './ask.ts';
import type { Side } from './fault.ts';
import type { Move } from './move.ts';
import { readSegments } from './read-segments.ts';

/** The segment that every app has on both sides. */
const EVERYBODY = 'Subscribed Users';

/** Tells the counts of both sides beside each other: they are for the operator to judge. */
export async function compareCounts(move: Move): Promise<void> {
  const { from, to, pace, file, say } = move;
  await pace.turn();
  const there = await ask('OneSignal', from.templates.list({ limit: 1 }));
  const ours = await ask('Carillon', to.templates.list({ limit: 1 }));
  tell('templates', there.total_count, ours.total_count);
  const copied = new Map(Object.entries(file.state.segments).map(([id, copy]) => [id, copy.id]));
  const here = await readSegments('Carillon', to, async () => undefined);
  const everybody = here.find(({ name }) => name === EVERYBODY);
  for (const { id, name } of await readSegments('OneSignal', from, () => pace.turn())) {
    const mine = name === EVERYBODY ? everybody?.id : copied.get(id);
    if (mine === undefined) continue;
    await pace.turn();
    tell(
      `subscriptions in "${name}"`,
      await countOf('OneSignal', from, id),
      await countOf('Carillon', to, mine),
    );
  }

  function tell(what: string, onesignal: number | null, carillon: number | null): void {
    say(
      { step: 'counts', what, onesignal, carillon },
      `count of ${what}: ${onesignal ?? 'unknown'} there, ${carillon ?? 'unknown'} here`,
    );
  }
}

/** Null where the segment is not shown, or has gone meanwhile. */
async function countOf(side: Side, client: Client, id: string): Promise<number | null> {
  const viewed = await askWhether(side, client.segments.view(id));
  return 'refusal' in viewed ? null : viewed.value.subscriber_count;
}
