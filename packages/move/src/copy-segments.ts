import { randomUUID } from 'node:crypto';
import type { Client, SegmentView } from '@carillon/client';
import { ask, askWhether } from './ask.ts';
import { copyOne, tellOutcome } from './copy-one.ts';
import type { Outcome, Twin } from './copy-one.ts';
import type { Move } from './move.ts';
import { readSegments } from './read-segments.ts';
import type { Summary } from './read-segments.ts';
import { dashboardOnly, plainFilters, printOf } from './segment-form.ts';

type Detail = NonNullable<SegmentView['payload']>;

/** Copies what differs of each segment, by its name; those that every app has are left out. */
export async function copySegments(move: Move): Promise<readonly Outcome[]> {
  const { from, to, pace } = move;
  const here = await readSegments('Carillon', to, async () => undefined);
  const outcomes: Outcome[] = [];
  for (const segment of await readSegments('OneSignal', from, () => pace.turn())) {
    if (segment.read_only || here.some((one) => one.read_only && one.name === segment.name)) continue;
    await pace.turn();
    const viewed = await askWhether('OneSignal', from.segments.view(segment.id, { detail: true }));
    const outcome =
      'refusal' in viewed
        ? ({ kind: 'unreadable', reason: viewed.refusal } as const)
        : await copySegment(move, segment, viewed.value.payload, here);
    const copied = move.file.state.segments[segment.id]?.id;
    tellOutcome(move, { kind: 'segment', name: segment.name, id: segment.id }, outcome, copied);
    outcomes.push(outcome);
  }
  return outcomes;
}

async function copySegment(
  move: Move,
  { id, name, is_active: isActive }: Summary,
  detail: Detail | undefined,
  here: readonly Summary[],
): Promise<Outcome> {
  const { to, file } = move;
  if (detail === undefined) return { kind: 'unreadable', reason: 'OneSignal does not show its filters' };
  const reason = dashboardOnly(detail.filters);
  if (reason !== null) return { kind: 'unreadable', reason };
  const copies = file.state.segments;
  const filters = [...plainFilters(detail.filters)];
  const body = { name, description: detail.description ?? '', filters };
  const copied = here.some((one) => one.id === copies[id]?.id) ? copies[id] : undefined;
  return copyOne(move, {
    print: printOf(detail.filters, detail.description),
    copied,
    twin: copied === undefined ? await twinOf(name, here, to) : undefined,
    tryOut: () => askWhether('Carillon', to.segments.preview({ filters, sample: 0 })),
    create: async () => {
      // The id stays, so that programs which name it go on; where another app has it, there is a new one.
      const made = await askWhether('Carillon', to.segments.create({ ...body, id }));
      const isTaken = 'refusal' in made && made.refusal.includes('given id already exists');
      const end = isTaken
        ? await askWhether('Carillon', to.segments.create({ ...body, id: randomUUID() }))
        : made;
      if ('value' in end && !isActive) await ask('Carillon', to.segments.pause(end.value.id));
      return end;
    },
    update: (mine) => askWhether('Carillon', to.segments.update(mine, body)),
    keep: (kept) => (copies[id] = kept),
  });
}

async function twinOf(name: string, here: readonly Summary[], to: Client): Promise<Twin | undefined> {
  const found = here.find((one) => one.name === name);
  if (found === undefined) return undefined;
  const { payload } = await ask('Carillon', to.segments.view(found.id, { detail: true }));
  return { id: found.id, print: printOf(payload?.filters ?? [], payload?.description ?? null) };
}
