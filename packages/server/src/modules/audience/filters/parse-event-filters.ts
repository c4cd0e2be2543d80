import { MESSAGE_EVENTS } from '../condition.ts';
import type {
  CustomEventCondition,
  MessageEvent,
  MessageEventCondition,
  PropertyTest,
} from '../condition.ts';
import { parsePropertyTest } from './parse-property-test.ts';
import type { Entry } from './entry.ts';
import { refuseFilter } from './refuse-filter.ts';

const RELATIONS = ['exists', 'not_exists', '>', '<', '=', '!='] as const;
const CHANNELS = ['push', 'email', 'sms'] as const;
const MATCHES = ['all', 'any'] as const;
/** Ten years and more: longer than events are kept. */
const MOST_HOURS = 100_000;
const MOST_TIMES = 1_000_000;
const MOST_PROPERTIES = 10;
const LONGEST_NAME = 128;

/** Other words for the same. */
const OTHER_NAMES: ReadonlyMap<string, MessageEvent> = new Map([
  ['received', 'delivered'],
  ['reported_as_spam', 'complained'],
]);

/** `{"field": "message_event", "key": "opened", "channel": "email", "relation": "exists", "from_hours_ago": 168}`. */
export function parseMessageEvent(entry: Entry): MessageEventCondition {
  const name = entry.text('key');
  const event = OTHER_NAMES.get(name) ?? MESSAGE_EVENTS.find((known) => known === name);
  if (event === undefined) {
    return refuseFilter(`${entry.path}.key`, `must be one of ${MESSAGE_EVENTS.join(', ')}`, name);
  }
  return {
    kind: 'message-event',
    event,
    channel: entry.oneOf('channel', CHANNELS),
    messageId: entry.messageId(),
    ...happenedOf(entry),
  };
}

/** `{"field": "custom_event", "key": "order_placed", "relation": ">", "value": 2, "properties": [...]}`. */
export function parseCustomEvent(entry: Entry): CustomEventCondition {
  const name = entry.text('key');
  if (name.length > LONGEST_NAME) {
    return refuseFilter(`${entry.path}.key`, `must be at most ${LONGEST_NAME} characters`);
  }
  const properties: readonly PropertyTest[] = entry.properties().map(parsePropertyTest);
  if (properties.length > MOST_PROPERTIES) {
    return refuseFilter(`${entry.path}.properties`, `can hold at most ${MOST_PROPERTIES} entries`);
  }
  return {
    kind: 'custom-event',
    name,
    properties,
    match: entry.oneOf('match', MATCHES) ?? 'all',
    ...happenedOf(entry),
  };
}

function happenedOf(entry: Entry) {
  const relation = entry.relation(RELATIONS, 'exists');
  const fromHours = entry.numberIfGiven('from_hours_ago', 0, MOST_HOURS);
  const toHours = entry.numberIfGiven('to_hours_ago', 0, MOST_HOURS);
  if (fromHours !== null && toHours !== null && toHours >= fromHours) {
    refuseFilter(`${entry.path}.to_hours_ago`, `must be less than from_hours_ago, ${fromHours}`, toHours);
  }
  const window = { fromHours, toHours };
  switch (relation) {
    case 'exists':
      return { relation: '>' as const, times: 0, ...window };
    case 'not_exists':
      return { relation: '=' as const, times: 0, ...window };
    case '>':
    case '<':
    case '=':
    case '!=':
      return { relation, times: timesOf(entry), ...window };
  }
}

function timesOf(entry: Entry): number {
  const given = Number(entry.decimal());
  if (Number.isInteger(given) && given >= 0 && given <= MOST_TIMES) return given;
  return refuseFilter(`${entry.path}.value`, `must be a whole number from 0 to ${MOST_TIMES}`, given);
}
