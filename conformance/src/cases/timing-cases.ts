import { inEveryVoice } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import type { Pattern } from '../wire/pattern.ts';
import { expectAnswer, textAt } from '../wire/expect-answer.ts';
import { newUser } from './new-user.ts';

/** For tomorrow, so that nothing goes out. */
async function body(caller: Caller, more: object): Promise<Record<string, unknown>> {
  const { externalId } = await newUser(caller);
  return {
    app_id: caller.app,
    target_channel: 'email',
    include_aliases: { external_id: [externalId] },
    email_subject: 'Conformance',
    email_body: '<p>Hello</p>',
    send_after: new Date(Date.now() + 86_400_000).toISOString(),
    ...more,
  };
}

async function expectShown(caller: Caller, more: object, shown: Pattern): Promise<void> {
  const answer = await caller.call('POST', '/notifications', await body(caller, more));
  const path = `/notifications/${textAt(answer, 'id')}?app_id=${caller.app}`;
  expectAnswer(await caller.call('GET', path), 200, shown);
  expectAnswer(await caller.call('DELETE', path), 200);
}

/** When a message goes, as its request says and its view shows. */
export const timingCases: readonly Case[] = [
  inEveryVoice(
    ['createNotification', 'getNotification', 'cancelNotification'],
    'takes every way to write delivery_time_of_day, and shows it',
    async (caller) => {
      for (const time of ['9:00AM', '21:45', '09:45:30']) {
        const asked = { delayed_option: 'timezone', delivery_time_of_day: time };
        await expectShown(caller, asked, asked);
      }
    },
  ),
  inEveryVoice(
    ['createNotification', 'getNotification', 'cancelNotification'],
    'takes last-active, a throttle as number or text, and enable_frequency_cap',
    async (caller) => {
      const lastActive = { delayed_option: 'last-active', throttle_rate_per_minute: 0 };
      await expectShown(caller, lastActive, {
        delayed_option: 'last-active',
        throttle_rate_per_minute: null,
      });
      for (const rate of [500, '500']) {
        const shown = { throttle_rate_per_minute: 500, delayed_option: 'immediate' };
        await expectShown(caller, { throttle_rate_per_minute: rate }, shown);
      }
      const uncapped = { enable_frequency_cap: false };
      await expectShown(caller, uncapped, { ...uncapped, fcap_status: 'Overridden' });
    },
  ),
  inEveryVoice(
    ['createNotification'],
    'refuses a time of day that is none, and a throttle beside delayed_option',
    async (caller) => {
      for (const more of [
        { delayed_option: 'timezone', delivery_time_of_day: 'noon' },
        { delayed_option: 'timezone', throttle_rate_per_minute: 10 },
        { delayed_option: 'whenever' },
      ]) {
        const answer = await caller.call('POST', '/notifications', await body(caller, more));
        expectAnswer(answer, 400, { errors: [/./] });
      }
    },
  ),
];
