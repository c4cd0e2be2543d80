import type { JourneyAttributeTest, JourneyEvent } from '@carillon/wire';
import type { AttributeTest, EventTest } from '../definition/definition.ts';

export function presentEvent({ name, attributes, matchEntry }: EventTest): JourneyEvent {
  return {
    name,
    attributes: presentAttributes(attributes),
    entry_event_match_attributes: matchEntry.map(({ entryKey, eventKey }) => ({
      entry_key: entryKey,
      event_key: eventKey,
    })),
  };
}

/** One group, or none where nothing is asked. */
export function presentAttributes(tests: readonly AttributeTest[]): JourneyAttributeTest[][] {
  if (tests.length === 0) return [];
  return [tests.map(({ key, operator, value }) => ({ key, operator, ...(value !== null && { value }) }))];
}
