import type { Address, Identity, Tags } from './operation.ts';

export interface ModelUser {
  readonly id: string;
  readonly aliases: Identity;
  readonly tags: Tags;
  readonly sessions: number;
  /** Milliseconds since the epoch, as every time here. */
  readonly lastActive: number;
}

export interface ModelSubscription {
  readonly id: string;
  readonly owner: string;
  readonly type: string;
  readonly token: string;
  readonly enabled: boolean;
  readonly notificationTypes: number;
  readonly sessions: number;
  readonly lastActive: number;
  readonly createdAt: number;
}

/** Everybody there is, as plainly as it can be said: two maps. */
export class World {
  readonly users: Map<string, ModelUser>;
  readonly subscriptions: Map<string, ModelSubscription>;

  constructor(users: Iterable<ModelUser> = [], subscriptions: Iterable<ModelSubscription> = []) {
    this.users = new Map([...users].map((user) => [user.id, user]));
    this.subscriptions = new Map([...subscriptions].map((subscription) => [subscription.id, subscription]));
  }

  copy(): World {
    return new World(this.users.values(), this.subscriptions.values());
  }

  find({ label, value }: Address): ModelUser | undefined {
    if (label === 'onesignal_id') return this.users.get(value);
    return [...this.users.values()].find((user) => user.aliases[label] === value);
  }

  /** A push subscription that was never granted has no token, and is nobody else's. */
  findByToken(type: string, token: string): ModelSubscription | undefined {
    if (token === '') return undefined;
    return [...this.subscriptions.values()].find((one) => one.type === type && one.token === token);
  }

  of(owner: string): ModelSubscription[] {
    return [...this.subscriptions.values()].filter((one) => one.owner === owner);
  }

  change(subscription: ModelSubscription): void {
    this.subscriptions.set(subscription.id, subscription);
  }

  deleteUser(id: string): void {
    for (const one of this.of(id)) this.subscriptions.delete(one.id);
    this.users.delete(id);
  }

  /** Whoever has neither an alias nor a subscription does not stay. */
  deleteOrphans(): void {
    for (const { id, aliases } of this.users.values()) {
      if (Object.keys(aliases).length === 0 && this.of(id).length === 0) this.users.delete(id);
    }
  }
}
