import { describe, expect, it } from 'vitest';
import { parseJourney } from '../parse/parse-journey.ts';
import type { JourneyFacts } from './journey-facts.ts';
import { validateJourney } from './validate-journey.ts';

const id = (last: number) => `00000000-0000-4000-8000-00000000000${last}`;
const [EMAIL, PUSH, EVENTFUL] = [id(1), id(2), id(3)];
const [SEGMENT, PAUSED, GONE] = [id(4), id(5), id(6)];
const [WEBHOOK, DISABLED] = [id(7), id(8)];

const facts: JourneyFacts = {
  templates: new Map([
    [EMAIL, { channel: 'email', readsEvents: false }],
    [PUSH, { channel: 'push', readsEvents: false }],
    [EVENTFUL, { channel: 'email', readsEvents: true }],
  ]),
  segments: new Map([
    [SEGMENT, { isActive: true }],
    [PAUSED, { isActive: false }],
  ]),
  webhooks: new Map([
    [WEBHOOK, { isActive: true }],
    [DISABLED, { isActive: false }],
  ]),
};

const byEvent = { kind: 'event_trigger', name: 'signed_up' };
const bySegment = { kind: 'segment', included_segment_ids: [SEGMENT] };
const mail = { kind: 'send_email', template_id: EMAIL, client_node_id: 'mail' };
const inSegment = { kind: 'segment_membership', included_segment_ids: [SEGMENT] };
const onMail = (action: string, client = 'mail') => ({
  kind: 'on_notification_action',
  action,
  client_node_id: client,
});
const ask = (condition: object, yes: object[] = [mail2]) => ({
  kind: 'yes_no',
  branches: [{ condition, nodes: yes }, {}],
});
const mail2 = { kind: 'send_email', template_id: EMAIL };

/** Complaints, each as `level path: problem`. */
function complaints(journey: object): string[] {
  const { definition } = parseJourney({ name: 'x', audience: byEvent, nodes: [mail], ...journey });
  return validateJourney(definition, facts).map(({ level, path, problem }) => `${level} ${path}: ${problem}`);
}

describe('a journey', () => {
  it('that says all it needs has nothing to complain of', () => {
    const nodes = [
      mail,
      {
        kind: 'wait_until',
        branches: [{ condition: onMail('clicked') }],
        expiration: { duration_seconds: 60 },
      },
      { kind: 'send_webhook', webhook_id: WEBHOOK },
      { kind: 'split_range', branches: [{ weight: 50, nodes: [mail2] }, { weight: 50 }] },
    ];
    expect(complaints({ nodes })).toEqual([]);
    expect(complaints({ nodes, audience: bySegment })).toEqual([]);
  });

  it('tells of every fault at once, each with its node and what to do', () => {
    const { definition } = parseJourney({
      name: 'x',
      audience: byEvent,
      nodes: [
        { ...mail, template_id: GONE },
        { kind: 'tag', client_node_id: 'mark', assignments: {} },
      ],
    });
    const [first, second] = definition.nodes;
    expect(validateJourney(definition, facts)).toMatchObject([
      {
        level: 'error',
        node: { id: first?.id, clientNodeId: 'mail' },
        path: 'nodes[0].template_id',
        problem: `there is no template ${GONE}`,
        fix: 'choose a template of the channel email',
      },
      { node: { id: second?.id, clientNodeId: 'mark' }, path: 'nodes[1].assignments' },
    ]);
  });

  it.each([
    [{ nodes: [] }, 'error nodes: nothing happens to who comes in'],
    [
      { audience: { kind: 'segment' } },
      'error audience.included_segment_ids: nobody can come in: it names no segment',
    ],
    [
      { audience: { kind: 'segment', included_segment_ids: [SEGMENT, GONE] } },
      `error audience.included_segment_ids[1]: there is no segment ${GONE}`,
    ],
    [
      { audience: { ...bySegment, excluded_segment_ids: [PAUSED] } },
      `error audience.excluded_segment_ids[0]: the segment ${PAUSED} is paused`,
    ],
    [
      { audience: { ...bySegment, excluded_segment_ids: [SEGMENT] } },
      'warning audience.excluded_segment_ids[0]: the segment is included too: it lets nobody in',
    ],
    [
      { reentry_rules: { duration_seconds: 600 } },
      'warning reentry_rules: each event lets its user in again, whatever is said here',
    ],
    [
      { early_exit: { rules: { when_not_in_audience: true } } },
      'error early_exit.rules.when_not_in_audience: an event is nothing that a user can stop being in',
    ],
    [
      { early_exit: { rules: { on_event: { name: 'signed_up' } } } },
      'warning early_exit.rules.on_event.name: signed_up lets users in and ends the runs that are inside: each event begins anew',
    ],
    [
      { audience: bySegment, early_exit: { rules: { on_segment: { included_segment_ids: [SEGMENT] } } } },
      'warning early_exit.rules.on_segment.included_segment_ids[0]: the segment lets users in as well: they take the first step and are out again',
    ],
    [
      {
        audience: bySegment,
        goal: {
          event: { name: 'b', entry_event_match_attributes: [{ entry_key: 'a', event_key: 'a' }] },
          within_seconds: 60,
        },
      },
      'error goal.event.entry_event_match_attributes: there is no event that let the user in: the audience is of segments',
    ],
    [
      { hold_out_percent: 5 },
      'warning hold_out_percent: without a goal nothing is compared between those who are held out and the others',
    ],
  ])('complains of its settings: %j', (journey, complaint) => {
    expect(complaints(journey)).toEqual([complaint]);
  });

  it.each([
    [[{ kind: 'send_email' }], 'error nodes[0].template_id: it has no template'],
    [
      [{ ...mail, template_id: PUSH }],
      'error nodes[0].template_id: the template is of the channel push, and the node sends email',
    ],
    [[mail, { kind: 'send_webhook' }], 'error nodes[1].webhook_id: it has no webhook'],
    [[{ kind: 'send_webhook', webhook_id: GONE }], `error nodes[0].webhook_id: there is no webhook ${GONE}`],
    [
      [{ kind: 'send_webhook', webhook_id: DISABLED }],
      'warning nodes[0].webhook_id: the webhook is disabled: nothing is called',
    ],
    [
      [mail, { kind: 'time_window', relative_to: 'schedule_in_timezone' }],
      'error nodes[1].windows: it never opens',
    ],
    [
      [mail, { kind: 'wait_until', branches: [{ condition: inSegment }] }],
      'warning nodes[1].expiration: who never does what is waited for stays here for ever',
    ],
    [[mail, ask(inSegment, [])], 'warning nodes[1].branches: nothing stands in any branch'],
    [
      [{ kind: 'wait', duration_seconds: 60 }],
      'warning nodes: no node sends anything, sets a tag or calls a webhook',
    ],
    [[{ kind: 'exit' }, mail], 'warning nodes[1]: no run comes here: every way ends before it'],
    [
      [
        mail,
        {
          kind: 'yes_no',
          branches: [{ condition: inSegment, nodes: [{ kind: 'exit' }] }, { nodes: [{ kind: 'exit' }] }],
        },
        mail2,
      ],
      'warning nodes[2]: no run comes here: every way ends before it',
    ],
  ])('complains of a node: %j', (nodes, complaint) => {
    expect(complaints({ nodes })).toEqual([complaint]);
  });

  it.each([
    [
      { kind: 'segment_membership' },
      'error nodes[1].branches[0].condition.included_segment_ids: it asks for no segment',
    ],
    [
      onMail('received', 'later'),
      'error nodes[1].branches[0].condition.sending_node_id: no run has passed that node before',
    ],
    [
      onMail('clicked', 'pause'),
      'error nodes[1].branches[0].condition.sending_node_id: that node is a wait, and no message',
    ],
    [
      onMail('opened', 'push'),
      'error nodes[1].branches[0].condition.action: of a send_push nobody can tell that it was opened',
    ],
    [
      { kind: 'entry_event', attributes: [] },
      'error nodes[1].branches[0].condition.attributes: it asks for nothing',
    ],
  ])('complains of a condition: %j', (condition, complaint) => {
    const pause = { kind: 'wait', duration_seconds: 60, client_node_id: 'pause' };
    const push = { kind: 'send_push', template_id: PUSH, client_node_id: 'push' };
    const first = 'client_node_id' in condition && condition.client_node_id === 'push' ? push : pause;
    const nodes = [first, ask(condition), { ...mail2, client_node_id: 'later' }];
    expect(complaints({ nodes })).toEqual([complaint]);
  });

  it('may ask about a message inside an earlier branch, and not about one in the branch beside', () => {
    const inBranch = ask(inSegment, [mail]);
    expect(complaints({ nodes: [inBranch, ask(onMail('opened'))] })).toEqual([]);
    const beside = {
      kind: 'yes_no',
      branches: [{ condition: inSegment, nodes: [mail] }, { nodes: [ask(onMail('opened'))] }],
    };
    expect(complaints({ nodes: [beside] })).toEqual([
      'error nodes[0].branches[1].nodes[0].branches[0].condition.sending_node_id: no run has passed that node before',
    ]);
  });

  it('for segments has no event to read, until one was waited for', () => {
    const eventful = { kind: 'send_email', template_id: EVENTFUL };
    const until = {
      kind: 'wait_until',
      branches: [{ condition: { kind: 'event_trigger', name: 'paid' } }],
      expiration: { duration_seconds: 60 },
    };
    expect(complaints({ nodes: [eventful] })).toEqual([]);
    expect(complaints({ audience: bySegment, nodes: [until, eventful] })).toEqual([]);
    expect(complaints({ audience: bySegment, nodes: [eventful] })).toEqual([
      'warning nodes[0].template_id: the template reads events of the journey, and here a run has kept none: they are empty',
    ]);
    const date = { kind: 'wait_until_date', source: { kind: 'event_property', key: 'at' } };
    expect(complaints({ audience: bySegment, nodes: [date, mail] })).toEqual([
      'error nodes[0].source: there is no event that let the user in: the audience is of segments',
    ]);
  });

  it('complains of a branch that is never taken, because the one above asks the same', () => {
    const until = {
      kind: 'wait_until',
      branches: [{ condition: inSegment }, { condition: inSegment }],
      expiration: { duration_seconds: 60, exits: true },
    };
    expect(complaints({ nodes: [mail, until] })).toEqual([
      'warning nodes[1].branches[1].condition: it is the condition of branches[0] too, which is always taken first',
    ]);
  });
});
