import type { CustomEventProperties } from '@carillon/wire';
import { compareTexts, isSameText, propertyAt, textOf } from '../../audience/index.ts';
import type { AttributeTest, EventTest } from '../definition/definition.ts';
import { parseMoment } from './parse-moment.ts';
import type { KeptEvent } from './run.ts';

/**
 * Whether an event is the one that is waited for. `entry` is the event that let the user in; null when a
 * segment did.
 */
export function isEvent(test: EventTest, event: KeptEvent, entry: KeptEvent | null): boolean {
  return (
    test.name === event.name &&
    hasAttributes(event.properties, test.attributes) &&
    test.matchEntry.every(({ entryKey, eventKey }) => {
      const wanted = entry === null ? null : textAt(entry.properties, entryKey);
      // A property that both lack says nothing about which run is meant.
      return wanted !== null && wanted === textAt(event.properties, eventKey);
    })
  );
}

/** All of them hold. */
export function hasAttributes(properties: CustomEventProperties, tests: readonly AttributeTest[]): boolean {
  return tests.every((test) => holds(properties, test));
}

/** The text of what stands at a path; null when nothing does, or a list or an object. */
export function textAt(properties: CustomEventProperties, path: string): string | null {
  return textOf(valueAt(properties, path));
}

export function valueAt(properties: CustomEventProperties, path: string): unknown {
  return propertyAt(properties, path.split('.'));
}

/** What is missing is equal to nothing, and neither less nor more. */
function holds(properties: CustomEventProperties, { key, operator, value: wanted }: AttributeTest): boolean {
  const value = valueAt(properties, key);
  const text = textOf(value);
  const other = textOf(wanted) ?? '';
  const order = text === null ? null : compareTexts(text, other);
  switch (operator) {
    case 'equal':
    case 'is':
      return text !== null && isSameText(text, other);
    case 'not_equal':
    case 'is_not':
      return text === null || !isSameText(text, other);
    case 'less':
      return order !== null && order < 0;
    case 'less_or_equal':
      return order !== null && order <= 0;
    case 'greater_or_equal':
      return order !== null && order >= 0;
    case 'greater':
      return order !== null && order > 0;
    case 'exists':
      return value !== undefined && value !== null;
    case 'not_exists':
      return value === undefined || value === null;
    case 'before':
    case 'after': {
      const [moment, bound] = [parseMoment(value), parseMoment(wanted)];
      if (moment === null || bound === null) return false;
      return operator === 'before' ? moment < bound : moment > bound;
    }
  }
}
