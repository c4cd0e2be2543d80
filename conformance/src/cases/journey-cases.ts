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
  inEveryVoice(
    ['createJourney', 'viewJourney', 'deleteJourney'],
    'keeps every setting and every kind of node as it was sent',
    async (caller) => {
      const whole = wholeJourney(caller);
      const created = await caller.call('POST', `/apps/${caller.app}/journeys`, whole);
      const { nodes, ...settings } = whole;
      const shown = {
        ...journey,
        ...settings,
        nodes: nodes.map((node) => ({
          ...node,
          id: uuid,
          ...('branches' in node && { branches: each({ id: uuid }) }),
        })),
      };
      expectAnswer(created, 201, shown);
      const path = `/apps/${caller.app}/journeys/${textAt(created, 'id')}`;
      expectAnswer(await caller.call('GET', path), 200, shown);
      await caller.call('DELETE', path);
    },
  ),
  inEveryVoice(
    ['updateJourneyNode'],
    'takes a merge patch of one node, answers with the whole journey, and keeps kind and id',
    async (caller) => {
      const created = await caller.call('POST', `/apps/${caller.app}/journeys`, draft(caller));
      const path = `/apps/${caller.app}/journeys/${textAt(created, 'id')}`;
      const { id } = (created.body as { nodes: [{ id: string }] }).nodes[0];
      const nodePath = `${path}/nodes/${id}`;
      const key = textAt(created, 'concurrency_key');
      const patch = { duration_seconds: 120, annotation: null, concurrency_key: key };
      const changed = { id, kind: 'wait', duration_seconds: 120, annotation: null };
      expectAnswer(await caller.call('PATCH', nodePath, patch), 200, { ...journey, nodes: [changed] });
      expectAnswer(await caller.call('PATCH', nodePath, patch), 409, { errors: [{ title: /./ }] });
      for (const fixed of [{ kind: 'exit' }, { id: caller.newId() }]) {
        expectAnswer(await caller.call('PATCH', nodePath, fixed), 400, { errors: [{ title: /./ }] });
      }
      expectAnswer(await caller.call('PATCH', `${path}/nodes/${caller.newId()}`, { annotation: 'x' }), 404, {
        errors: [{ title: /./ }],
      });
      await caller.call('DELETE', path);
    },
  ),
  inEveryVoice(
    ['updateJourney'],
    'refuses to start a journey that is not complete with 422, and to schedule one sooner than in five minutes',
    async (caller) => {
      const nodes = [{ kind: 'send_push', template_id: caller.newId() }];
      const created = await caller.call('POST', `/apps/${caller.app}/journeys`, { ...draft(caller), nodes });
      const path = `/apps/${caller.app}/journeys/${textAt(created, 'id')}`;
      expectAnswer(await caller.call('PATCH', path, { state: 'active' }), 422, { errors: [{ title: /./ }] });
      const soon = { schedule: { start_at: new Date(Date.now() + 60_000).toISOString() } };
      expectAnswer(await caller.call('PATCH', path, soon), 400, { errors: [{ title: /./ }] });
      await caller.call('DELETE', path);
    },
  ),
];

/** A journey with everything that the documented API knows, in its shortest form. */
function wholeJourney(caller: Caller) {
  const segment = caller.newId();
  const attributes = [[{ key: 'plan', operator: 'equal', value: 'pro' }]];
  return {
    ...draft(caller),
    audience: { kind: 'event_trigger', name: 'conformance', attributes },
    early_exit: {
      rules: {
        on_segment: { included_segment_ids: [segment] },
        on_session: true,
        on_event: { name: 'bought' },
      },
      tag_on_early_exit: { left: 'early' },
    },
    reentry_rules: { duration_seconds: 600 },
    schedule: { start_at: '2999-01-01T00:00:00.000Z', stop_at: '2999-02-01T00:00:00.000Z' },
    nodes: [
      { kind: 'wait', duration_seconds: 60 },
      { kind: 'send_push', template_id: caller.newId(), client_node_id: 'push' },
      { kind: 'send_email', template_id: caller.newId() },
      { kind: 'send_sms', template_id: caller.newId() },
      { kind: 'send_webhook', webhook_id: caller.newId() },
      { kind: 'tag', assignments: { step: 'one', old: '' } },
      {
        kind: 'time_window',
        relative_to: 'schedule_in_timezone',
        windows: [{ start: { hour: 9, minute: 0 }, end: { hour: 17, minute: 30 }, day_of_week: 1 }],
        time_zone: 'Europe/Berlin',
        use_user_time_zone: true,
      },
      {
        kind: 'split_range',
        randomize_on_entry: true,
        branches: [{ weight: 60, nodes: [] }, { weight: 40 }],
      },
      {
        kind: 'yes_no',
        branches: [
          { condition: { kind: 'segment_membership', included_segment_ids: [segment] } },
          { nodes: [] },
        ],
      },
      {
        kind: 'wait_until',
        branches: [
          { condition: { kind: 'on_notification_action', action: 'clicked', client_node_id: 'push' } },
          { condition: { kind: 'event_trigger', name: 'paid', attributes } },
        ],
        expiration: { duration_seconds: 3_600, exits: true },
      },
    ],
  };
}
