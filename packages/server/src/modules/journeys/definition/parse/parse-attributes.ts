import type { AttributeOperator, AttributeTest, EventTest } from '../definition.ts';
import type { Member } from './member.ts';

const OPERATORS: readonly AttributeOperator[] = [
  'equal',
  'not_equal',
  'less',
  'less_or_equal',
  'greater_or_equal',
  'greater',
  'is',
  'is_not',
  'exists',
  'not_exists',
  'before',
  'after',
];
const MOST_TESTS = 20;
/** Of names of events and paths of properties. */
const NAME = 255;

/** `[[{key, operator, value}]]`: groups, of which there can be one; all of it must hold. */
export function parseAttributes(member: Member): readonly AttributeTest[] {
  if (Array.isArray(member.value) && member.value.length > 1) {
    throw member.refusal('must have one group: tests that must all hold, [[...]]');
  }
  return member.items(0, 1).flatMap((group) => group.items(0, MOST_TESTS).map(parseTest));
}

function parseTest(member: Member): AttributeTest {
  member.only('key', 'operator', 'value');
  const operator = member.at('operator').oneOf(OPERATORS);
  return { key: member.at('key').text(NAME), operator, value: parseValue(member.at('value'), operator) };
}

function parseValue(member: Member, operator: AttributeOperator): AttributeTest['value'] {
  switch (operator) {
    case 'exists':
    case 'not_exists':
      if (!member.isAbsent) throw member.refusal(`has no meaning with ${operator}: remove it`);
      return null;
    case 'less':
    case 'less_or_equal':
    case 'greater':
    case 'greater_or_equal':
      if (!Number.isFinite(asNumber(member.value))) throw member.refusal('must be a number');
      break;
    case 'before':
    case 'after':
      if (!isTime(member.value)) throw member.refusal('must be a time: ISO 8601, or Unix seconds');
      break;
    case 'equal':
    case 'not_equal':
    case 'is':
    case 'is_not':
  }
  const { value } = member;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw member.refusal('must be a string, a number, or true or false');
  }
  if (typeof value === 'string') member.optionalText(1_024);
  return value;
}

function asNumber(value: unknown): number {
  return typeof value === 'string' && value.trim() !== ''
    ? Number(value)
    : typeof value === 'number'
      ? value
      : NaN;
}

function isTime(value: unknown): boolean {
  return (
    Number.isFinite(asNumber(value)) || (typeof value === 'string' && Number.isFinite(Date.parse(value)))
  );
}

/** The members that say which event: `name`, `attributes`, `entry_event_match_attributes`. */
export const EVENT_MEMBERS = ['name', 'attributes', 'entry_event_match_attributes'] as const;

/** An event that is waited for. Its object may have other members too, which the caller has checked. */
export function parseEventTest(member: Member): EventTest {
  return {
    name: member.at('name').text(NAME),
    attributes: parseAttributes(member.at('attributes')),
    matchEntry: member
      .at('entry_event_match_attributes')
      .items(0, MOST_TESTS)
      .map((pair) => {
        pair.only('entry_key', 'event_key');
        return { entryKey: pair.at('entry_key').text(NAME), eventKey: pair.at('event_key').text(NAME) };
      }),
  };
}
