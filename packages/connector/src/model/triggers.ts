import type { Connector, Transition } from '../config/config.ts';
import type { Row } from '../config/fields.ts';

export interface Trigger {
  readonly what: 'event' | 'message';
  readonly name: string;
  /** Both: an event and a message may bear the same name. */
  readonly id: string;
  readonly on: Transition<Row>;
}

export function triggersOf({ events, messages }: Connector): Trigger[] {
  const of = (what: Trigger['what'], triggers: Readonly<Record<string, { readonly on: Transition<Row> }>>) =>
    Object.entries(triggers).map(([name, { on }]): Trigger => ({ what, name, id: `${what} ${name}`, on }));
  return [...of('event', events), ...of('message', messages)];
}
