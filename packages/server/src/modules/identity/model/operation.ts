/** Whom an operation addresses: any alias, or `onesignal_id`. */
export interface Address {
  readonly label: string;
  readonly value: string;
}

export type Identity = Readonly<Record<string, string>>;
export type Tags = Readonly<Record<string, string>>;

export interface SubscriptionChange {
  readonly enabled?: boolean;
  readonly notification_types?: number;
  readonly token?: string;
}

/** A subscription in a request: an existing one by its id, or any by its type and token. */
export type Entry = SubscriptionChange &
  ({ readonly id: string } | { readonly type: string; readonly token: string });

/**
 * What a client can ask of users, aliases and subscriptions. Ids may stand for ones that only a run
 * knows: `user 3` and `subscription 0`, counted from the first one seen.
 */
export type Operation =
  | {
      readonly do: 'create user';
      readonly identity: Identity;
      readonly tags?: Tags;
      readonly subscriptions?: readonly Entry[];
      /** A sign of life, as devices give it. */
      readonly alive?: boolean;
    }
  | { readonly do: 'view user'; readonly user: Address }
  | { readonly do: 'update user'; readonly user: Address; readonly tags: Tags }
  /** Sessions are added to the user's and to those of the subscription, if it is the user's. */
  | { readonly do: 'count sessions'; readonly user: Address; readonly sessions: number; readonly id: string }
  | { readonly do: 'merge'; readonly user: Address; readonly from: Address }
  | { readonly do: 'delete user'; readonly user: Address }
  | {
      readonly do: 'add aliases';
      readonly user: Address;
      readonly identity: Identity;
      readonly take?: boolean;
    }
  | { readonly do: 'delete alias'; readonly user: Address; readonly label: string }
  | { readonly do: 'add subscription'; readonly user: Address; readonly subscription: Entry }
  | { readonly do: 'change subscription'; readonly id: string; readonly change: SubscriptionChange }
  | {
      readonly do: 'change by token';
      readonly type: string;
      readonly token: string;
      readonly change: SubscriptionChange;
    }
  | { readonly do: 'delete subscription'; readonly id: string }
  | { readonly do: 'transfer'; readonly id: string; readonly to: Address }
  | { readonly do: 'view owner'; readonly id: string }
  | { readonly do: 'name owner'; readonly id: string; readonly identity: Identity };

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the app. */
  readonly path: string;
  readonly payload?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As it goes over the wire. */
export function requestOf(operation: Operation): Request {
  switch (operation.do) {
    case 'create user': {
      const { identity, tags, subscriptions, alive } = operation;
      const payload = {
        identity,
        ...(tags && { properties: { tags } }),
        ...(subscriptions && { subscriptions }),
        ...(alive && { refresh_device_metadata: true }),
      };
      return { method: 'POST', path: 'users', payload };
    }
    case 'view user':
      return { method: 'GET', path: pathOf(operation.user) };
    case 'update user':
      return {
        method: 'PATCH',
        path: pathOf(operation.user),
        payload: { properties: { tags: operation.tags } },
      };
    case 'count sessions':
      return {
        method: 'PATCH',
        path: pathOf(operation.user),
        payload: { deltas: { session_count: operation.sessions } },
        headers: { 'onesignal-subscription-id': operation.id },
      };
    case 'merge': {
      const { label, value } = operation.from;
      return {
        method: 'POST',
        path: `${pathOf(operation.user)}/merge`,
        payload: { from: { [label]: value } },
      };
    }
    case 'delete user':
      return { method: 'DELETE', path: pathOf(operation.user) };
    case 'add aliases': {
      const { user, identity, take } = operation;
      return {
        method: 'PATCH',
        path: `${pathOf(user)}/identity`,
        payload: { identity, ...(take && { take }) },
      };
    }
    case 'delete alias':
      return { method: 'DELETE', path: `${pathOf(operation.user)}/identity/${operation.label}` };
    case 'add subscription': {
      const { user, subscription } = operation;
      return { method: 'POST', path: `${pathOf(user)}/subscriptions`, payload: { subscription } };
    }
    case 'change subscription':
      return {
        method: 'PATCH',
        path: `subscriptions/${operation.id}`,
        payload: { subscription: operation.change },
      };
    case 'change by token': {
      const { type, token, change } = operation;
      const path = `subscriptions_by_token/${type}/${encodeURIComponent(token)}`;
      return { method: 'PATCH', path, payload: { subscription: change } };
    }
    case 'delete subscription':
      return { method: 'DELETE', path: `subscriptions/${operation.id}` };
    case 'transfer': {
      const { label, value } = operation.to;
      return {
        method: 'PATCH',
        path: `subscriptions/${operation.id}/owner`,
        payload: { identity: { [label]: value } },
      };
    }
    case 'view owner':
      return { method: 'GET', path: `subscriptions/${operation.id}/user/identity` };
    case 'name owner': {
      const { id, identity } = operation;
      return { method: 'PATCH', path: `subscriptions/${id}/user/identity`, payload: { identity } };
    }
  }
}

function pathOf({ label, value }: Address): string {
  return `users/by/${label}/${encodeURIComponent(value)}`;
}
