import { randomUUID } from 'node:crypto';
import type { FakeSubscription, FakeUser } from './user.ts';

/** A user may have so many; one more pushes the oldest out. */
const MOST_SUBSCRIPTIONS = 20;
/** So many emails and numbers are kept when somebody is pushed out. */
const KEPT_OF_A_CHANNEL = 3;

/** Everybody of the app, found by alias, by address and by id. */
export class People {
  readonly #byAlias = new Map<string, FakeUser>();
  readonly #byToken = new Map<string, FakeSubscription>();
  readonly #byId = new Map<string, FakeSubscription>();
  readonly #users = new Map<string, FakeUser>();

  get size(): number {
    return this.#users.size;
  }

  all(): IterableIterator<FakeUser> {
    return this.#users.values();
  }

  find(label: string, id: string): FakeUser | undefined {
    return label === 'onesignal_id' ? this.#users.get(id) : this.#byAlias.get(aliasKey(label, id));
  }

  add(): FakeUser {
    const user: FakeUser = {
      onesignalId: randomUUID(),
      aliases: new Map(),
      tags: new Map(),
      properties: {},
      subscriptions: [],
    };
    this.#users.set(user.onesignalId, user);
    return user;
  }

  /** The alias must be free, or this user's already. */
  setAlias(user: FakeUser, label: string, id: string): void {
    this.removeAlias(user, label);
    user.aliases.set(label, id);
    this.#byAlias.set(aliasKey(label, id), user);
  }

  removeAlias(user: FakeUser, label: string): void {
    const id = user.aliases.get(label);
    if (id === undefined) return;
    user.aliases.delete(label);
    this.#byAlias.delete(aliasKey(label, id));
  }

  remove(user: FakeUser): void {
    for (const label of user.aliases.keys()) this.removeAlias(user, label);
    for (const subscription of user.subscriptions) this.#forget(subscription);
    this.#users.delete(user.onesignalId);
  }

  subscription(id: string): FakeSubscription | undefined {
    return this.#byId.get(id);
  }

  byToken(type: string, token: string): FakeSubscription | undefined {
    return this.#byToken.get(tokenKey(type, token));
  }

  /**
   * Gives a user an address. One that somebody else has moves here. `pushedOut` is the subscription
   * that had to go because there were too many.
   */
  subscribe(
    user: FakeUser,
    type: string,
    token: string,
  ): { subscription: FakeSubscription; isNew: boolean; pushedOut: FakeSubscription | null } {
    const known = this.byToken(type, token);
    const isNew = known === undefined;
    const subscription = known ?? this.#make(user, type, token);
    if (known === undefined) user.subscriptions.push(subscription);
    else this.transfer(known, user);
    const pushedOut =
      user.subscriptions.length > MOST_SUBSCRIPTIONS ? this.#pushOut(user, subscription) : null;
    return { subscription, isNew, pushedOut };
  }

  transfer(subscription: FakeSubscription, user: FakeUser): void {
    if (subscription.owner === user) return;
    const { owner } = subscription;
    owner.subscriptions = owner.subscriptions.filter((other) => other !== subscription);
    subscription.owner = user;
    user.subscriptions.push(subscription);
  }

  unsubscribe(subscription: FakeSubscription): void {
    const { owner } = subscription;
    owner.subscriptions = owner.subscriptions.filter((other) => other !== subscription);
    this.#forget(subscription);
  }

  #make(owner: FakeUser, type: string, token: string): FakeSubscription {
    const subscription = {
      id: randomUUID(),
      type,
      token,
      enabled: true,
      notificationTypes: 1,
      webAuth: null,
      webP256: null,
      owner,
    };
    this.#byToken.set(tokenKey(type, token), subscription);
    this.#byId.set(subscription.id, subscription);
    return subscription;
  }

  /** The oldest one loses its user and becomes anonymous. */
  #pushOut(user: FakeUser, newest: FakeSubscription): FakeSubscription | null {
    const countOf = (type: string) => user.subscriptions.filter((other) => other.type === type).length;
    const isKept = (type: string) =>
      (type === 'Email' || type === 'SMS') && countOf(type) <= KEPT_OF_A_CHANNEL;
    const oldest = user.subscriptions.find((other) => other !== newest && !isKept(other.type));
    if (oldest === undefined) return null;
    this.transfer(oldest, this.add());
    return oldest;
  }

  #forget(subscription: FakeSubscription): void {
    this.#byToken.delete(tokenKey(subscription.type, subscription.token));
    this.#byId.delete(subscription.id);
  }
}

function aliasKey(label: string, id: string): string {
  return `${label}\u0000${id}`;
}

/** Emails are one address in any case. */
function tokenKey(type: string, token: string): string {
  return `${type}\u0000${type === 'Email' ? token.toLowerCase() : token}`;
}
