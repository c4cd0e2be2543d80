import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { cancelMessage } from './message-store.ts';
import type { Sender } from './send/sender.ts';
import { readStates } from './timing/fixtures/open-chunks-store.ts';
import { openStage } from './timing/fixtures/stage.ts';
import type { Stage } from './timing/fixtures/stage.ts';
import { MessageViews } from './view/message-views.ts';

const PEOPLE = 120;
const NAMES = Array.from({ length: PEOPLE }, (_, n) => `user-${String(n).padStart(3, '0')}`);
const EVERYONE = { included_segments: ['All'] };
const NAMED = { include_aliases: { external_id: NAMES } };

let stage: Stage;
const open: Sender[] = [];

beforeEach(async () => {
  stage = await openStage('2026-11-01T12:00:00Z');
  await Promise.all(NAMES.map((name) => stage.addUser(name)));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((sender) => sender.stop()));
  await stage.close();
});

function startProcess(...options: Parameters<Stage['startProcess']>) {
  const process = stage.startProcess(...options);
  open.push(process.sender);
  process.sender.start();
  return process;
}

const view = (id: string) => new MessageViews(stage.database, async () => []).one(stage.appId, id);

/** Sends to the end. Who was held out, by name; everybody else was handed the message, once. */
async function heldOutOf(
  creator: ReturnType<typeof startProcess>['creator'],
  body: object,
): Promise<string[]> {
  const { answer } = await creator.create(stage.draft(body));
  await until('the message has ended', async () => (await view(answer.id)).completed_at !== null);
  const ledger = await readStates(stage.database, answer.id);
  const held = ledger.filter(({ state }) => state === 'suppressed');
  expect(await view(answer.id)).toMatchObject({
    successful: PEOPLE - held.length,
    failed: held.length,
    held_out: held.length,
    errored: 0,
    remaining: 0,
  });
  const handed = stage.handed.filter(({ messageId }) => messageId === answer.id).map(({ name }) => name);
  expect([...handed, ...held.map(({ name }) => name)].toSorted()).toEqual(NAMES);
  for (const { reason } of held) expect(reason).toMatch(/^held out (of this message|with the group \w+)$/);
  return held.map(({ name }) => name).toSorted();
}

describe('a message that holds users out', () => {
  it('tells in the ledger and in its view whom it left out, of named people and of an audience', async () => {
    const { creator } = startProcess();
    for (const targets of [NAMED, EVERYONE]) {
      const held = await heldOutOf(creator, { ...targets, hold_out_percent: 30 });
      expect(held.length).toBeGreaterThan(PEOPLE * 0.1);
      expect(held.length).toBeLessThan(PEOPLE * 0.5);
    }
  });

  it('holds others out of each message, and the same ones out of all that name a group', async () => {
    const { creator } = startProcess();
    const winter = { hold_out_percent: 30, hold_out_group: 'winter' };
    const first = await heldOutOf(creator, { ...NAMED, ...winter });
    expect(await heldOutOf(creator, { ...EVERYONE, ...winter })).toEqual(first);
    expect(await heldOutOf(creator, { ...EVERYONE, hold_out_percent: 30 })).not.toEqual(first);
    expect(await heldOutOf(creator, { ...EVERYONE, ...winter, hold_out_group: 'summer' })).not.toEqual(first);
    const more = await heldOutOf(creator, { ...EVERYONE, ...winter, hold_out_percent: 50 });
    expect(more).toEqual(expect.arrayContaining(first));
    expect(more.length).toBeGreaterThan(first.length);
  });

  it.each([0, null])('holds nobody out at %s percent', async (percent) => {
    const { creator } = startProcess();
    expect(await heldOutOf(creator, { ...EVERYONE, hold_out_percent: percent })).toEqual([]);
  });

  it.each<[string, object, (id: string) => Promise<unknown>]>([
    ['it asks for at most once', { at_most_once: true }, async () => undefined],
    ['it was cancelled since', {}, (id) => cancelMessage(stage.database, stage.appId, id, stage.clock.now())],
  ])('knows of them after a crash in the middle of a hand-over, where %s', async (_, more, meanwhile) => {
    const some = NAMES.slice(0, 40);
    // Its sender is never started, and so renews nothing: as if it had died while it handed over.
    const dying = stage.startProcess(undefined, {
      deliver: () => new Promise(() => undefined),
      leaseMs: 300,
    });
    const targets = { include_aliases: { external_id: some } };
    const { answer } = await dying.creator.create(
      stage.draft({ ...targets, ...more, hold_out_percent: 50, hold_out_group: 'winter' }),
    );
    await meanwhile(answer.id);
    startProcess();
    await until('nothing is left', async () => (await view(answer.id)).remaining === 0);
    const ledger = await readStates(stage.database, answer.id);
    const { held_out: held, errored, failed } = await view(answer.id);
    expect(held).toBeGreaterThan(0);
    expect({ errored, failed }).toEqual({ errored: some.length - held, failed: held });
    expect(ledger.filter(({ state }) => state === 'suppressed')).toHaveLength(held);
    expect(stage.handed).toEqual([]);
  });

  it.each([
    [{ hold_out_percent: -1 }, /^hold_out_percent must be a number from 0.01 to 99 .* -1 is not$/],
    [{ hold_out_percent: 100 }, /^hold_out_percent must be a number from 0.01 to 99/],
    [{ hold_out_percent: 0.001 }, /^hold_out_percent must be .* at most two decimals/],
    [{ hold_out_group: 'winter' }, /^hold_out_group needs hold_out_percent/],
    [{ hold_out_group: ' ', hold_out_percent: 5 }, /^hold_out_group must not be blank/],
  ])('refuses %j, and sends nothing', async (fields, complaint) => {
    const { creator } = startProcess();
    await expect(creator.create(stage.draft({ ...NAMED, ...fields }))).rejects.toThrow(complaint);
    expect(stage.handed).toEqual([]);
  });
});
