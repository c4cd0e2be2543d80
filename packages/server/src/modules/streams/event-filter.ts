import type { EventStreamFilters, FeedEvent } from '@carillon/wire';

/** Whether an event passes: every filter that is there must let it through. */
export function createEventFilter({
  kinds,
  channels,
  message_ids: messages,
  template_ids: templates,
  message_names: names,
}: EventStreamFilters): (event: FeedEvent) => boolean {
  const isOfKind = kinds === undefined ? () => true : kindMatcher(kinds);
  return (event) =>
    isOfKind(event.kind) &&
    isOneOf(channels, event.channel) &&
    isOneOf(messages, event.message_id) &&
    isOneOf(templates, event.template_id) &&
    isOneOf(names, event.message_name);
}

function isOneOf(list: readonly string[] | undefined, value: string | null): boolean {
  return list === undefined || (value !== null && list.includes(value));
}

function kindMatcher(kinds: readonly string[]): (kind: string) => boolean {
  const whole = new Set(kinds.filter((kind) => !kind.endsWith('*')));
  const beginnings = kinds.filter((kind) => kind.endsWith('*')).map((kind) => kind.slice(0, -1));
  return (kind) => whole.has(kind) || beginnings.some((beginning) => kind.startsWith(beginning));
}
