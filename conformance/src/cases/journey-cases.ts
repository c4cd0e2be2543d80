import { inEveryVoice } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import { boolean, each, exactly, uuid } from '../wire/checks.ts';
import { expectAnswer, textAt } from '../wire/expect-answer.ts';
import { journey, journeySummary } from './models.ts';

function draft(caller: Caller): object {
  return {
    name: caller.newName('journey'),
    description: 'made by a conformance run',
    audience: { kind: 'event_trigger', name: 'conformance' },
    nodes: [{ kind: 'wait', duration_seconds: 60, client_node_id: 'one', annotation: 'a minute' }],
  };
}

export const journeyCases: readonly Case[] = [
  inEveryVoice(
    ['createJourney', 'viewJourney', 'deleteJourney'],
    'creates a draft with 201, shows and deletes it',
    async (caller) => {
      const journeys = `/apps/${caller.app}/journeys`;
      const created = await caller.call('POST', journeys, draft(caller));
      expectAnswer(created, 201, {
        ...journey,
        state: 'draft',
        created_source: 'public_api',
        nodes: [
          { id: uuid, kind: 'wait', duration_seconds: 60, client_node_id: 'one', annotation: 'a minute' },
        ],
      });
      const path = `${journeys}/${textAt(created, 'id')}`;
      expectAnswer(await caller.call('GET', path), 200, { ...journey, id: textAt(created, 'id') });
      expectAnswer(await caller.call('DELETE', path), 200, exactly({ success: true }));
      expectAnswer(await caller.call('GET', path), 404, { errors: [{ title: /./ }] });
      expectAnswer(await caller.call('DELETE', path), 404, { errors: [{ title: /./ }] });
    },
  ),
  inEveryVoice(
    ['viewJourneys'],
    'lists summaries, newest first, with has_more and a cursor',
    async (caller) => {
      const journeys = `/apps/${caller.app}/journeys`;
      const [older, newer] = [
        await caller.call('POST', journeys, draft(caller)),
        await caller.call('POST', journeys, draft(caller)),
      ];
      const page = await caller.call('GET', `${journeys}?limit=1`);
      expectAnswer(page, 200, { journeys: [{ ...journeySummary, id: textAt(newer, 'id') }], has_more: true });
      const cursor = encodeURIComponent(textAt(page, 'next_cursor'));
      expectAnswer(await caller.call('GET', `${journeys}?limit=1&cursor=${cursor}`), 200, {
        journeys: [{ ...journeySummary, id: textAt(older, 'id') }],
      });
      expectAnswer(await caller.call('GET', journeys), 200, {
        journeys: each(journeySummary),
        has_more: boolean,
      });
      for (const one of [older, newer]) await caller.call('DELETE', `${journeys}/${textAt(one, 'id')}`);
    },
  ),
  inEveryVoice(
    ['updateJourney'],
    'takes a merge patch, and refuses a stale concurrency_key with 409',
    async (caller) => {
      const created = await caller.call('POST', `/apps/${caller.app}/journeys`, draft(caller));
      const path = `/apps/${caller.app}/journeys/${textAt(created, 'id')}`;
      const key = textAt(created, 'concurrency_key');
      const patch = { name: 'renamed', description: null, concurrency_key: key };
      expectAnswer(await caller.call('PATCH', path, patch), 200, {
        ...journey,
        name: 'renamed',
        description: null,
      });
      expectAnswer(await caller.call('PATCH', path, patch), 409, { errors: [{ title: /./ }] });
      expectAnswer(await caller.call('PATCH', path, { state: 'archived' }), 200, {
        ...journey,
        state: 'archived',
      });
      expectAnswer(await caller.call('PATCH', path, { name: 'too late' }), 422, { errors: [{ title: /./ }] });
      await caller.call('DELETE', path);
    },
  ),
  inEveryVoice(
    ['createJourney', 'updateJourney'],
    'refuses members that the server decides on',
    async (caller) => {
      const journeys = `/apps/${caller.app}/journeys`;
      for (const own of [{ id: caller.newId() }, { state: 'active' }]) {
        expectAnswer(await caller.call('POST', journeys, { ...draft(caller), ...own }), 400, {
          errors: [{ title: /./ }],
        });
      }
      const nodes = [{ id: caller.newId(), kind: 'wait', duration_seconds: 60 }];
      expectAnswer(await caller.call('POST', journeys, { ...draft(caller), nodes }), 400, {
        errors: [{ title: /./ }],
      });
      const unknown = `${journeys}/${caller.newId()}`;
      expectAnswer(await caller.call('PATCH', unknown, { name: 'x' }), 404, { errors: [{ title: /./ }] });
    },
  ),
];
