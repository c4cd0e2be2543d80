import type { SubscriberKeys } from './subscriber-keys.ts';

/** Where a message goes instead, and whom it is encrypted for. */
export interface Place {
  readonly endpoint: string;
  readonly keys: SubscriberKeys;
}

/** Who takes what is for a browser in its place, by the browser's endpoint. Null: nobody, it goes to the browser. */
export type StandIn = (endpoint: string) => Place | null;
