import { inEveryVoice, once } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import {
  absent,
  boolean,
  each,
  exactly,
  holding,
  integer,
  isoTime,
  nullOr,
  text,
  unixSeconds,
  uuid,
} from '../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../wire/expect-answer.ts';
import { newUser } from './new-user.ts';

/** As typed clients decode it. */
const summary = {
  id: uuid,
  name: text,
  description: nullOr(text),
  created_at: isoTime,
  updated_at: isoTime,
  app_id: uuid,
  read_only: boolean,
  is_active: boolean,
};

const NOWHERE = [{ field: 'country', relation: '=', value: 'AQ' }];

async function newSegment(
  caller: Caller,
  body: object = {},
): Promise<{ id: string; path: string; name: string }> {
  const name = caller.newName('segment');
  const of = `/apps/${caller.app}/segments`;
  const answer = await caller.call('POST', of, { name, filters: NOWHERE, ...body });
  expectAnswer(answer, 201, exactly({ success: true, id: uuid }));
  const id = textAt(answer, 'id');
  return { id, name, path: `${of}/${id}` };
}

export const segmentCases: readonly Case[] = [
  inEveryVoice(
    ['createSegment', 'getSegment', 'deleteSegment'],
    'creates with 201, counts, shows filters with text for operands, and deletes',
    async (caller) => {
      const key = caller.newName('group');
      const { path: user } = await newUser(caller);
      expectAnswer(await caller.call('PATCH', user, { properties: { tags: { [key]: '7' } } }), 202);
      const filters = [
        { field: 'tag', key, relation: '>', value: '5' },
        { operator: 'OR' },
        { field: 'location', radius: 1000, lat: -80.5, long: 7 },
        { field: 'last_session', relation: '>', hours_ago: 1000 },
      ];
      const { id, path, name } = await newSegment(caller, { filters, description: 'Those of a group' });
      expectAnswer(await caller.call('GET', path), 200, { subscriber_count: 1, payload: absent });
      expectAnswer(await caller.call('GET', `${path}?include-segment-detail=true`), 200, {
        subscriber_count: 1,
        payload: {
          id,
          name,
          description: 'Those of a group',
          created_at: unixSeconds,
          source: 'custom',
          filters: [
            exactly({ field: 'tag', key, relation: '>', value: '5' }),
            exactly({ operator: 'OR' }),
            exactly({ field: 'location', radius: '1000', lat: '-80.5', long: '7' }),
            exactly({ field: 'last_session', relation: '>', hours_ago: '1000' }),
          ],
        },
      });
      expectAnswer(await caller.call('DELETE', path), 200, exactly({ success: true }));
      expectAnswer(await caller.call('DELETE', path), 404, { success: false });
      expectSentence(await caller.call('GET', path), 404, 'segment not found');
    },
  ),
  inEveryVoice(
    ['getSegments'],
    'lists with counts, limit and offset, the default ones first',
    async (caller) => {
      const { id, path, name } = await newSegment(caller);
      const of = `/apps/${caller.app}/segments`;
      expectAnswer(await caller.call('GET', of), 200, {
        total_count: integer,
        offset: 0,
        limit: 300,
        segments: each(summary),
      });
      expectAnswer(await caller.call('GET', of), 200, {
        segments: holding({ name: 'Subscribed Users', read_only: true, is_active: true, app_id: caller.app }),
      });
      expectAnswer(await caller.call('GET', of), 200, {
        segments: holding({ id, name, description: null, read_only: false, is_active: true }),
      });
      const page = await caller.call('GET', `${of}?offset=1&limit=2`);
      expectAnswer(page, 200, { offset: 1, limit: 2, segments: [summary, summary] });
      const wrong = await caller.call('GET', `${of}?limit=301`);
      expectAnswer(wrong, 400, { errors: [{ title: /limit/ }] });
      await caller.call('DELETE', path);
    },
  ),
  inEveryVoice(
    ['updateSegment', 'getSegment'],
    'needs the name in every change, replaces all filters, and keeps or clears the description',
    async (caller) => {
      const { id, path, name } = await newSegment(caller, { description: 'first' });
      const shown = () => caller.call('GET', `${path}?include-segment-detail=true`);
      expectAnswer(
        await caller.call('PATCH', path, { name: `${name} 2` }),
        200,
        exactly({ success: true, id }),
      );
      const before = { name: `${name} 2`, description: 'first', filters: NOWHERE };
      expectAnswer(await shown(), 200, { payload: before });
      const filters = [{ field: 'session_count', relation: '>', value: '3' }];
      expectAnswer(await caller.call('PATCH', path, { name, filters, description: '' }), 200);
      expectAnswer(await shown(), 200, { payload: { name, description: null, filters } });
      expectSentence(await caller.call('PATCH', path, { filters }), 400, /^name is required/);
      const other = await newSegment(caller);
      const taken = await caller.call('PATCH', path, { name: other.name });
      expectAnswer(taken, 400, { success: false, errors: ['Segment name is already taken.'] });
      const nowhere = `/apps/${caller.app}/segments/${caller.newId()}`;
      expectAnswer(await caller.call('PATCH', nowhere, { name }), 404, {
        success: false,
        errors: ['segment not found'],
      });
      for (const each of [path, other.path]) await caller.call('DELETE', each);
    },
  ),
  inEveryVoice(
    ['createSegment'],
    'refuses what is taken, missing or no filter, in the known words',
    async (caller) => {
      const { id, name, path } = await newSegment(caller);
      const create = (body: object) => caller.call('POST', `/apps/${caller.app}/segments`, body);
      expectAnswer(await create({ id, name: `${name} 2`, filters: NOWHERE }), 409, {
        success: false,
        errors: ['Segment with the given id already exists.'],
      });
      expectAnswer(await create({ name, filters: NOWHERE }), 400, {
        success: false,
        errors: ['Segment name is already taken.'],
      });
      expectSentence(await create({ filters: NOWHERE }), 400, /^name is required/);
      expectSentence(
        await create({ name: 'x'.repeat(129), filters: NOWHERE }),
        400,
        /^name must be at most 128/,
      );
      expectSentence(await create({ name: 'x', filters: [] }), 400, /^filters/);
      const colour = await create({ name: 'x', filters: [{ field: 'colour', relation: '=', value: 'red' }] });
      expectAnswer(colour, 400, {
        errors: ['Segment colour is not a valid filter field.', /^field of a filter/],
      });
      await caller.call('DELETE', path);
    },
  ),
  once(
    ['getSegment', 'getSegments'],
    'tells a caller without Authorization of the header',
    async (caller) => {
      const { path } = await newSegment(caller);
      const answer = await caller.sendLetter('GET', path, { headers: {} });
      expectSentence(answer, 400, 'Please include a case-sensitive header of Authorization');
      await caller.call('DELETE', path);
    },
  ),
  inEveryVoice(
    ['createNotification', 'estimateNotificationRecipients', 'createSegment'],
    'sends to saved segments by name, and leaves those of others out',
    async (caller) => {
      const key = caller.newName('group');
      for (const level of ['1', '2']) {
        const { path } = await newUser(caller);
        expectAnswer(await caller.call('PATCH', path, { properties: { tags: { [key]: level } } }), 202);
      }
      const all = await newSegment(caller, { filters: [{ field: 'tag', key, relation: 'exists' }] });
      const first = await newSegment(caller, { filters: [{ field: 'tag', key, relation: '=', value: '1' }] });
      const targets = { included_segments: [all.name], excluded_segments: [first.name] };
      const counted = await caller.call('POST', '/notifications/count-unsaved', {
        app_id: caller.app,
        target_channel: 'email',
        ...targets,
      });
      expectAnswer(counted, 200, { count: 1 });
      const sent = await caller.call('POST', '/notifications', {
        app_id: caller.app,
        email_subject: 'Conformance',
        email_body: '<p>Hello</p>',
        send_after: '2050-01-01T00:00:00Z',
        ...targets,
      });
      expectAnswer(sent, 200, { id: uuid, errors: absent, warnings: absent });
      await caller.call('DELETE', `/notifications/${textAt(sent, 'id')}?app_id=${caller.app}`);
      for (const { path } of [all, first]) await caller.call('DELETE', path);
    },
  ),
];
