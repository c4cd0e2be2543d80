import { until } from '@carillon/test-kit';
import { inEveryVoice, once } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import { absent, exactly, uuid } from '../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../wire/expect-answer.ts';
import type { Pattern } from '../wire/pattern.ts';
import { newUser } from './new-user.ts';

const NOBODY = 'All included players are not subscribed';
const CONTENT = { email_subject: 'Conformance', email_body: '<p>Hello</p>' };

/** Users who have a tag in common with nobody else, and `level` 1, 2 ... */
async function newGroup(caller: Caller, size: number): Promise<{ readonly key: string }> {
  const key = caller.newName('group');
  for (let level = 1; level <= size; level += 1) {
    const { path } = await newUser(caller);
    const properties = { tags: { [key]: String(level) }, country: 'DE', language: 'de' };
    expectAnswer(await caller.call('PATCH', path, { properties }), 202);
  }
  return { key };
}

/** Sends at once, waits until it is done, and looks at how many it went to. */
async function expectSent(caller: Caller, targets: object, successful: number): Promise<void> {
  const created = await caller.call('POST', '/notifications', {
    app_id: caller.app,
    ...CONTENT,
    ...targets,
  });
  expectAnswer(created, 200, { id: uuid, external_id: null, errors: absent, warnings: absent });
  const path = `/notifications/${textAt(created, 'id')}?app_id=${caller.app}`;
  const done = await until('the message is completed', async () => {
    const answer = await caller.call('GET', path);
    return typeof (answer.body as { completed_at?: unknown }).completed_at === 'number' ? answer : undefined;
  });
  expectAnswer(done, 200, { successful, failed: 0, errored: 0, remaining: 0 });
}

const count = (caller: Caller, body: object) =>
  caller.call('POST', '/notifications/count-unsaved', { app_id: caller.app, ...body });

function counted(number: number): Pattern {
  return exactly({
    count: number,
    uncapped_count: null,
    cap_applied: false,
    mobile_suppressed: false,
    mobile_excluded_count: 0,
  });
}

export const targetingCases: readonly Case[] = [
  inEveryVoice(
    ['createNotification', 'getNotification'],
    'goes to those of whom the filters are true: neighbours together, OR between branches',
    async (caller) => {
      const { key } = await newGroup(caller, 3);
      const is = (value: string) => ({ field: 'tag', key, relation: '=', value });
      await expectSent(caller, { filters: [{ field: 'tag', key, relation: 'exists' }] }, 3);
      await expectSent(caller, { filters: [is('1'), { operator: 'OR' }, is('3')] }, 2);
      const both = [{ field: 'tag', key, relation: '>', value: '1' }, { operator: 'AND' }, is('3')];
      await expectSent(caller, { filters: both }, 1);
      const listed = { field: 'tag', key, relation: 'in_array', value: '1,2' };
      const german = [
        listed,
        { field: 'country', relation: '=', value: 'DE' },
        { field: 'language', relation: '!=', value: 'en' },
        { field: 'last_session', relation: '<', hours_ago: '1.5' },
        { field: 'session_count', relation: '<', value: '1' },
      ];
      await expectSent(caller, { filters: german }, 2);
    },
  ),
  inEveryVoice(
    ['createNotification'],
    'takes segments with segments to leave out, and tells of nobody where a name is none',
    async (caller) => {
      const scheduled = { app_id: caller.app, ...CONTENT, send_after: '2050-01-01T00:00:00Z' };
      const all = { ...scheduled, included_segments: ['Subscribed Users', 'Active Users'] };
      const sent = await caller.call('POST', '/notifications', {
        ...all,
        excluded_segments: ['Inactive Users'],
        isIos: false,
      });
      expectAnswer(sent, 200, { id: uuid, errors: absent });
      const path = `/notifications/${textAt(sent, 'id')}?app_id=${caller.app}`;
      expectAnswer(await caller.call('GET', path), 200, {
        included_segments: ['Subscribed Users', 'Active Users'],
        excluded_segments: ['Inactive Users'],
        remaining: null,
      });
      expectAnswer(await caller.call('DELETE', path), 200);
      for (const name of ['all', 'All Users']) {
        const answer = await caller.call('POST', '/notifications', {
          ...scheduled,
          included_segments: [name],
        });
        expectAnswer(answer, 200, { id: '', errors: [NOBODY] });
        const without = await caller.call('POST', '/notifications', { ...all, excluded_segments: [name] });
        expectAnswer(without, 200, { id: '', errors: [NOBODY] });
      }
    },
  ),
  inEveryVoice(
    ['estimateNotificationRecipients'],
    'counts those who would get a message, in the documented shape',
    async (caller) => {
      const { key } = await newGroup(caller, 2);
      const filters = [{ field: 'tag', key, relation: 'exists' }];
      const all = { included_segments: ['All'], target_channel: 'email', filters };
      expectAnswer(await count(caller, all), 200, counted(2));
      const none = { ...all, excluded_segments: ['Subscribed Users'] };
      expectAnswer(await count(caller, none), 200, counted(0));
      const { externalId } = await newUser(caller);
      const named = {
        included_segments: ['Subscribed Users'],
        include_aliases: { external_id: [externalId, caller.newName('nobody')] },
        target_channel: 'email',
        // Of the message, and of no meaning here.
        ...CONTENT,
        isIos: true,
      };
      expectAnswer(await count(caller, named), 200, counted(1));
      expectSentence(await count(caller, {}), 400, /^You must include which players/);
    },
  ),
  once(
    ['createNotification'],
    'refuses wrong filters by their place, and more than one way to say who is meant',
    async (caller) => {
      const send = (body: object) =>
        caller.call('POST', '/notifications', { app_id: caller.app, ...CONTENT, ...body });
      const good = { field: 'tag', key: 'a', relation: 'exists' };
      const colour = await send({ filters: [{ field: 'colour', relation: '=', value: 'red' }] });
      expectAnswer(colour, 400, {
        errors: ['Segment colour is not a valid filter field.', /^field of a filter/],
      });
      for (const [filters, wanted] of [
        [[good, { operator: 'OR' }], /^filters\[1\] .*must not end with/],
        [[good, { ...good, relation: 'near' }], /^filters\[1\]\.relation of tag must be one of/],
        [[{ field: 'location', lat: 1, long: 200, radius: 5 }], /^filters\[0\]\.long must be a number from/],
        [
          [{ field: 'tag', key: 'a', relation: '=', value: ['b'] }],
          /^filters\[0\]\.value must be a string or/,
        ],
      ] as const) {
        expectSentence(await send({ filters }), 400, wanted);
      }
      const both = { included_segments: ['All'], filters: [good] };
      expectSentence(await send(both), 400, /^included_segments and filters cannot be combined/);
    },
  ),
];
