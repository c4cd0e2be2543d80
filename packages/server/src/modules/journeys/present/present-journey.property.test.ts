import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Journey } from '../definition/definition.ts';
import { namingOf } from '../definition/known-names.ts';
import { parseJourney } from '../definition/parse/parse-journey.ts';
import { writtenOf } from './present-journey.ts';

const ID = '11111111-1111-4111-8111-111111111111';
const seconds = fc.integer({ min: 60, max: 100_000 });
const key = fc.constantFrom('plan', 'cart.id', 'items.0.sku');
const attributes = fc.oneof(
  fc.constant([]),
  fc
    .array(
      fc.oneof(
        fc.record({
          key,
          operator: fc.constantFrom('equal', 'is_not'),
          value: fc.oneof(fc.string(), fc.boolean()),
        }),
        fc.record({ key, operator: fc.constantFrom('less', 'greater'), value: fc.integer() }),
        fc.record({ key, operator: fc.constant('exists') }),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((tests) => [tests]),
);
const event = fc.record({
  name: fc.constantFrom('paid', 'left'),
  attributes,
  entry_event_match_attributes: fc.array(fc.record({ entry_key: key, event_key: key }), { maxLength: 2 }),
});
const condition = fc.oneof(
  fc.record({
    kind: fc.constant('segment_membership'),
    included_segment_ids: fc.uniqueArray(fc.uuid(), { maxLength: 2 }),
  }),
  event.map((asked) => ({ kind: 'event_trigger', ...asked })),
  attributes.map((asked) => ({ kind: 'entry_event', attributes: asked })),
  fc.constant({ kind: 'on_notification_action', action: 'clicked', client_node_id: 'first' }),
);

const { nodes } = fc.letrec<{ nodes: object[]; node: object }>((tie) => ({
  nodes: fc.array(tie('node'), { maxLength: 3 }),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('wait'),
      duration_seconds: seconds,
      annotation: fc.string({ maxLength: 9 }),
    }),
    fc.record({ kind: fc.constantFrom('send_push', 'send_email', 'send_sms') }),
    fc.record({ kind: fc.constant('send_webhook'), webhook_id: fc.uuid() }),
    fc.record({ kind: fc.constant('tag'), assignments: fc.constant({ a: 'b', c: '' }) }),
    fc.constant({ kind: 'exit' }),
    fc.record({
      kind: fc.constant('wait_until_date'),
      source: fc.record({ kind: fc.constantFrom('tag', 'event_property'), key }),
      offset_seconds: fc.integer({ min: -9_999, max: 9_999 }),
      otherwise: fc.constantFrom('continue', 'exit'),
    }),
    fc.record({
      kind: fc.constant('time_window'),
      relative_to: fc.constantFrom('schedule_in_timezone', 'last_active_time'),
      windows: fc.array(
        fc.record({
          start: fc.record({ hour: fc.integer({ min: 0, max: 11 }) }),
          end: fc.record({ hour: fc.integer({ min: 12, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) }),
          day_of_week: fc.option(fc.integer({ min: 1, max: 7 })),
        }),
        { maxLength: 2 },
      ),
      time_zone: fc.constantFrom(null, 'Europe/Berlin'),
      use_user_time_zone: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('split_range'),
      randomize_on_entry: fc.boolean(),
      branches: fc
        .tuple(fc.integer({ min: 0, max: 100 }), tie('nodes'), tie('nodes'))
        .map(([weight, a, b]) => [
          { weight, nodes: a },
          { weight: 100 - weight, nodes: b },
        ]),
    }),
    fc.record({
      kind: fc.constant('yes_no'),
      branches: fc.tuple(fc.record({ condition, nodes: tie('nodes') }), fc.record({ nodes: tie('nodes') })),
    }),
    fc.record({
      kind: fc.constant('wait_until'),
      branches: fc.array(fc.record({ condition, nodes: tie('nodes') }), { minLength: 1, maxLength: 3 }),
      expiration: fc.option(
        fc.record({
          duration_seconds: seconds,
          exits: fc.boolean(),
          branch: fc.option(fc.record({ nodes: tie('nodes') })),
        }),
      ),
    }),
  ),
}));

const journeys = fc.record({
  name: fc.constant('x'),
  audience: fc.oneof(
    fc.record({
      kind: fc.constant('segment'),
      included_segment_ids: fc.uniqueArray(fc.uuid(), { maxLength: 2 }),
      future_additions_only: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('event_trigger'),
      name: fc.constant('e'),
      attributes,
      run_key: fc.option(key),
    }),
  ),
  early_exit: fc.option(
    fc.record({
      rules: fc.record({
        on_segment: fc.option(fc.constant({ included_segment_ids: [ID] })),
        on_session: fc.boolean(),
        on_event: fc.option(event),
      }),
      tag_on_early_exit: fc.constant({ left: '1' }),
    }),
  ),
  reentry_rules: fc.option(fc.record({ duration_seconds: fc.integer({ min: 600, max: 9_999 }) })),
  goal: fc.option(fc.record({ event, within_seconds: seconds })),
  hold_out_percent: fc.integer({ min: 0, max: 99 }),
  nodes: nodes.map((inside) => [{ kind: 'send_push', template_id: ID, client_node_id: 'first' }, ...inside]),
});

function asJourney(parsed: ReturnType<typeof parseJourney>): Journey {
  const date = new Date(0);
  const times = { createdAt: date, updatedAt: date, startedAt: null, archivedAt: null };
  return {
    appId: ID,
    id: ID,
    state: 'draft',
    version: 0,
    awaitsSegments: false,
    scheduleError: null,
    revision: 1,
    ...times,
    ...parsed,
  };
}

describe('a journey', () => {
  it('that is read, shown and sent back is the same, with the same ids and keys', () => {
    const property = fc.property(journeys, (body) => {
      const journey = asJourney(parseJourney(body));
      // Through text, as a client sends it back.
      const shown = JSON.parse(JSON.stringify(writtenOf(journey))) as Record<string, unknown>;
      const again = parseJourney(shown, namingOf(journey.definition));
      expect(again.definition).toEqual(journey.definition);
    });
    expect(() => fc.assert(property, { numRuns: 300 })).not.toThrow();
  });
});
