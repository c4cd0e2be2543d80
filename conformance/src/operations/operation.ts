/** Part of the API, as the reference groups it. */
export type Area =
  | 'Messages'
  | 'Live activities'
  | 'Custom events'
  | 'Users'
  | 'Subscriptions'
  | 'Templates'
  | 'Segments'
  | 'Journeys'
  | 'Analytics'
  | 'Apps and keys'
  | 'Inbox'
  | 'Devices'
  | 'Legacy';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One method and path of the wire. */
export interface Operation {
  /** Named after the method of the official clients where there is one. */
  readonly name: string;
  readonly area: Area;
  readonly method: Method;
  /** With `{names}` where values go. */
  readonly path: string;
}
