import { describe, expect, it } from 'vitest';
import { parseJourney } from './parse-journey.ts';

const TEMPLATE = '11111111-1111-4111-8111-111111111111';
const SEGMENT = '22222222-2222-4222-8222-222222222222';
const audience = { kind: 'event_trigger', name: 'signed_up' };
const good = {
  name: 'Welcome',
  audience,
  nodes: [
    { kind: 'wait', duration_seconds: 3_600, client_node_id: 'pause' },
    { kind: 'send_email', template_id: TEMPLATE },
  ],
};

const complaint = (changes: object) => {
  try {
    parseJourney({ ...good, ...changes });
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};
const ofNode = (node: object) => complaint({ nodes: [node] });
const member = { kind: 'segment_membership', included_segment_ids: [SEGMENT] };
const branches = (...weights: number[]) => weights.map((weight) => ({ weight, nodes: [] }));

describe('a journey in a request', () => {
  it('becomes nodes with keys in their order, those of branches behind their node', () => {
    const { definition } = parseJourney({
      ...good,
      nodes: [
        { kind: 'yes_no', branches: [{ condition: member, nodes: [{ kind: 'exit' }] }, {}] },
        ...good.nodes,
      ],
    });
    expect(definition).toMatchObject({
      nextKey: 7,
      nodes: [
        { key: 1, yes: { key: 2, nodes: [{ key: 3, kind: 'exit' }] }, no: { key: 4, nodes: [] } },
        { key: 5, kind: 'wait', durationSeconds: 3_600, clientNodeId: 'pause' },
        { key: 6, kind: 'send_email', templateId: TEMPLATE },
      ],
    });
  });

  it('is filled up with what it does not mention', () => {
    expect(parseJourney({ name: 'x', audience: { kind: 'segment' } })).toEqual({
      name: 'x',
      description: null,
      schedule: null,
      definition: {
        audience: {
          kind: 'segment',
          includedSegmentIds: [],
          excludedSegmentIds: [],
          futureAdditionsOnly: false,
        },
        nodes: [],
        earlyExit: null,
        reentrySeconds: null,
        goal: null,
        holdOutPercent: 0,
        nextKey: 1,
        forwards: {},
      },
    });
  });

  it('keeps the settings of an entry and of exits', () => {
    const { definition, schedule } = parseJourney({
      ...good,
      audience: {
        ...audience,
        attributes: [[{ key: 'plan', operator: 'equal', value: 'pro' }]],
        run_key: 'cart.id',
      },
      early_exit: {
        rules: {
          on_segment: { included_segment_ids: [SEGMENT] },
          on_session: true,
          on_event: {
            name: 'bought',
            attributes: [[{ key: 'total', operator: 'exists' }]],
            entry_event_match_attributes: [{ entry_key: 'cart.id', event_key: 'cart' }],
          },
        },
        tag_on_early_exit: { left: 'yes', old: '' },
      },
      goal: { event: { name: 'bought' }, within_seconds: 86_400 },
      hold_out_percent: 10,
      schedule: { start_at: '2026-12-24T08:00:00+01:00' },
    });
    expect(definition).toMatchObject({
      audience: {
        attributes: [{ key: 'plan', operator: 'equal', value: 'pro' }],
        runKey: 'cart.id',
      },
      earlyExit: {
        onSegmentIds: [SEGMENT],
        whenNotInAudience: false,
        onSession: true,
        onEvent: {
          name: 'bought',
          attributes: [{ key: 'total', operator: 'exists', value: null }],
          matchEntry: [{ entryKey: 'cart.id', eventKey: 'cart' }],
        },
        tags: { left: 'yes', old: '' },
      },
      goal: { event: { name: 'bought', attributes: [], matchEntry: [] }, withinSeconds: 86_400 },
      holdOutPercent: 10,
    });
    expect(schedule).toEqual({ startAt: new Date('2026-12-24T07:00:00Z'), stopAt: null });
  });

  it('speaks of a message by the client_node_id of its node, which may come later in the request', () => {
    const nodes = [
      { kind: 'send_push', client_node_id: 'hello' },
      {
        kind: 'wait_until',
        branches: [
          { condition: { kind: 'on_notification_action', action: 'clicked', client_node_id: 'hello' } },
        ],
        expiration: { duration_seconds: 3_600, branch: { nodes: [{ kind: 'exit' }] } },
      },
    ];
    expect(parseJourney({ ...good, nodes }).definition.nodes).toMatchObject([
      { key: 1, templateId: '' },
      {
        key: 2,
        branches: [{ key: 3, condition: { sendingNodeKey: 1 } }],
        expiration: { exits: false, branch: { key: 4, nodes: [{ key: 5 }] } },
      },
    ]);
  });

  it.each([
    [{ state: 'active' }, 'state is set by the server: remove it'],
    [{ name: ' ' }, 'name is required'],
    [{ name: 'x'.repeat(301) }, 'name must be a string of at most 300 characters'],
    [{ colour: 'red' }, 'colour is not known here: remove it'],
    [{ audience: undefined }, 'audience is required'],
    [{ audience: { kind: 'all' } }, 'audience.kind must be one of segment, event_trigger'],
    [{ audience: { kind: 'event_trigger' } }, 'audience.name is required'],
    [
      { audience: { kind: 'segment', included_segment_ids: ['All'] } },
      'audience.included_segment_ids[0] must be a valid UUID',
    ],
    [
      { audience: { ...audience, attributes: [[], []] } },
      'audience.attributes must have one group: tests that must all hold, [[...]]',
    ],
    [
      { audience: { ...audience, attributes: [[{ key: 'a', operator: 'like' }]] } },
      'audience.attributes[0][0].operator must be one of equal, not_equal, less, less_or_equal, greater_or_equal, greater, is, is_not, exists, not_exists, before, after',
    ],
    [
      { audience: { ...audience, attributes: [[{ key: 'a', operator: 'less', value: 'b' }]] } },
      'audience.attributes[0][0].value must be a number',
    ],
    [
      { audience: { ...audience, attributes: [[{ key: 'a', operator: 'exists', value: 1 }]] } },
      'audience.attributes[0][0].value has no meaning with exists: remove it',
    ],
    [
      { reentry_rules: { duration_seconds: 599 } },
      'reentry_rules.duration_seconds must be a whole number from 600 to 315569520',
    ],
    [{ hold_out_percent: 100 }, 'hold_out_percent must be a whole number from 0 to 99'],
    [{ goal: { event: { name: 'x' } } }, 'goal.within_seconds must be a whole number from 60 to 31556952'],
    [
      { schedule: { start_at: 'tomorrow' } },
      'schedule.start_at must be a time as ISO 8601: 2026-12-24T08:00:00Z',
    ],
    [
      { schedule: { start_at: '2026-12-24T08:00:00Z', stop_at: '2026-12-24T08:00:00Z' } },
      'schedule.stop_at must be after schedule.start_at',
    ],
    [
      { early_exit: { rules: { on_event: { name: 'x', run_key: 'y' } } } },
      'early_exit.rules.on_event.run_key is not known here: remove it',
    ],
    [
      { early_exit: { tag_on_early_exit: { a: 1 } } },
      'early_exit.tag_on_early_exit.a must be a string of at most 1024 characters; "" removes',
    ],
    [{ nodes: [{ kind: 'exit' }, 5] }, 'nodes[1] must be an object'],
  ])('is refused with the field and the rule: %j', (changes, message) => {
    expect(complaint(changes)).toBe(message);
  });

  it.each([
    [{ kind: 'send_iam' }, 'nodes[0].kind send_iam is not supported yet: there are no in-app messages here'],
    [{ id: TEMPLATE, kind: 'wait' }, 'nodes[0].id is set by the server: remove it'],
    [
      { kind: 'wait', duration_seconds: 59 },
      'nodes[0].duration_seconds must be a whole number from 60 to 31556952',
    ],
    [{ kind: 'send_email', template_id: 'welcome' }, 'nodes[0].template_id must be a valid UUID'],
    [{ kind: 'wait', duration_seconds: 60, until: 1 }, 'nodes[0].until is not known here: remove it'],
    [
      { kind: 'split_range', branches: branches(50, 49) },
      'nodes[0].branches must have weights that add up to 100, not 99',
    ],
    [{ kind: 'split_range', branches: branches(100) }, 'nodes[0].branches must have 2 to 20 entries'],
    [{ kind: 'yes_no', branches: [{ condition: member }] }, 'nodes[0].branches must have 2 entries'],
    [
      { kind: 'yes_no', branches: [{ condition: member }, { condition: member }] },
      'nodes[0].branches[1].condition has no meaning: the second branch is for whom the first is not',
    ],
    [{ kind: 'yes_no', branches: [{}, {}] }, 'nodes[0].branches[0].condition is required'],
    [
      {
        kind: 'wait_until',
        branches: [{ condition: { kind: 'on_notification_action', action: 'clicked', client_node_id: 'x' } }],
      },
      'nodes[0].branches[0].condition.client_node_id is that of no node of this journey',
    ],
    [
      { kind: 'wait_until', branches: [{ condition: member }], expiration: { duration_seconds: 5 } },
      'nodes[0].expiration.duration_seconds must be a whole number from 60 to 31556952',
    ],
    [
      { kind: 'wait_until_date', source: { kind: 'clock', key: 'x' } },
      'nodes[0].source.kind must be one of event_property, tag',
    ],
    [
      { kind: 'time_window', relative_to: 'schedule_in_timezone', time_zone: 'Mars' },
      'nodes[0].time_zone must be the name of a time zone: Europe/Berlin',
    ],
    [
      {
        kind: 'time_window',
        relative_to: 'schedule_in_timezone',
        windows: [{ start: { hour: 9 }, end: { hour: 9, minute: 0 } }],
      },
      'nodes[0].windows[0].end must differ from start; a whole day ends at hour 23, minute 59',
    ],
  ])('refuses a node with the field and the rule: %j', (node, message) => {
    expect(ofNode(node)).toBe(message);
  });

  it('refuses two nodes of one client_node_id, and more nodes than can be drawn', () => {
    const twice = { kind: 'exit', client_node_id: 'end' };
    expect(complaint({ nodes: [twice, twice] })).toBe('nodes[1].client_node_id is that of another node too');
    expect(complaint({ nodes: Array.from({ length: 201 }, () => ({ kind: 'exit' })) })).toBe(
      'nodes must have at most 200 entries',
    );
  });
});
