import type { EventStreamFilters, FeedEvent } from '@carillon/wire';

/** Without a word on kinds: what becomes of messages. The rest has to be asked for. */
const USUAL_KINDS = ['message.*'];

/** Whether an event passes: every filter that is there must let it through. */
export function createEventFilter(filters: EventStreamFilters): (event: FeedEvent) => boolean {
  const { channels, message_ids: messages, template_ids: templates, message_names: names } = filters;
  const isOfKind = createKindFilter(filters);
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

/** Whether a kind is among `kinds`: each is one, or the beginning of one with `*` behind it. */
export function createKindFilter({ kinds = USUAL_KINDS }: EventStreamFilters): (kind: string) => boolean {
  const whole = new Set(kinds.filter((kind) => !kind.endsWith('*')));
  const beginnings = kinds.filter((kind) => kind.endsWith('*')).map((kind) => kind.slice(0, -1));
  return (kind) => whole.has(kind) || beginnings.some((beginning) => kind.startsWith(beginning));
}
