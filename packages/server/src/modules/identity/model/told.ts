import type { Identity, Tags } from './operation.ts';

export interface ToldSubscription {
  readonly id: string;
  readonly type: string;
  readonly token: string;
  readonly enabled: boolean;
  readonly notificationTypes: number;
  readonly sessions: number;
}

/** What an answer says, without times: the part that the model foretells. Absent is undefined. */
export interface Told {
  readonly status: number;
  /** Of a refusal. */
  readonly code?: string | undefined;
  readonly conflicts?: Identity | undefined;
  readonly identity?: Identity | undefined;
  readonly tags?: Tags | undefined;
  /** Absent before the first. */
  readonly sessions?: number | undefined;
  readonly subscriptions?: readonly ToldSubscription[] | undefined;
  /** Aliases that a merge had no room for. */
  readonly dropped?: Identity | undefined;
}

interface Body {
  readonly errors?: readonly { readonly code?: string; readonly meta?: { conflicting_aliases?: Identity } }[];
  readonly identity?: Identity;
  readonly properties?: { readonly tags?: Tags; readonly session_count?: number };
  readonly subscriptions?: readonly WireSubscription[];
  readonly subscription?: WireSubscription;
  readonly dropped_aliases?: Identity;
}

interface WireSubscription extends Omit<ToldSubscription, 'notificationTypes' | 'sessions'> {
  readonly notification_types: number;
  readonly session_count: number;
}

/** `body` is the JSON of an answer of the API. */
export function readAnswer(status: number, body: unknown): Told {
  const { errors, identity, properties, subscriptions, subscription, dropped_aliases } = body as Body;
  const [error] = errors ?? [];
  return {
    status,
    code: error?.code,
    conflicts: error?.meta?.conflicting_aliases,
    identity,
    tags: properties?.tags,
    sessions: properties?.session_count,
    subscriptions: (subscriptions ?? (subscription && [subscription]))?.map(toldOf),
    dropped: dropped_aliases,
  };
}

function toldOf({ notification_types, session_count, ...wire }: WireSubscription): ToldSubscription {
  const { id, type, token, enabled } = wire;
  return { id, type, token, enabled, notificationTypes: notification_types, sessions: session_count };
}
