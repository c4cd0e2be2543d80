import { afterAll, beforeAll, expect, it } from 'vitest';
import { required } from '@carillon/client';
import type { Journey } from '@carillon/wire';
import { Rehearsal } from './rehearsal.ts';

let rehearsal: Rehearsal;
let journey: Journey;
beforeAll(async () => {
  rehearsal = await Rehearsal.start('win-back');
  journey = await rehearsal.apply('Win back');
  await rehearsal.play();
});
afterAll(() => rehearsal.end());

const tagsOf = async (id: string) => {
  const user = required(await rehearsal.client.users.view({ label: 'external_id', id }));
  return user.properties.tags;
};

it('writes after 60 days without anybody doing anything, and not to who is back', async () => {
  const spring = (await rehearsal.mails()).filter((line) => line < '2026-06');
  expect(spring).toEqual([
    '2026-04-30T09:00 ada win-back-missed',
    '2026-04-30T09:00 bob win-back-missed',
    // Ada opened the app on May 4.
    '2026-05-07T09:00 bob win-back-offer',
  ]);
});

it('tags who came back in time, and counts who bought as a goal', async () => {
  expect(await tagsOf('ada')).toEqual({ first_name: 'Ada', won_back: 'yes' });
  expect(await tagsOf('bob')).toEqual({ first_name: 'Bob' });
  expect(await rehearsal.steps(journey, 'ada')).toContain('exited early (session)');
  expect(await rehearsal.steps(journey, 'bob')).toContain('goal');
});

it('writes again no sooner than 90 days after the end, to who is inactive then', async () => {
  const summer = (await rehearsal.mails()).filter((line) => line > '2026-06');
  expect(summer).toEqual([
    // Inactive again since July 3, and in again 90 days after May 4.
    '2026-08-02T18:00 ada win-back-missed',
    '2026-08-05T09:00 bob win-back-missed',
  ]);
});
