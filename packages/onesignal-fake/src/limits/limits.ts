import { PLANS } from '../plans.ts';
import type { Plan } from '../plans.ts';
import { ClassLimit } from './class-limit.ts';
import type { ClassCount } from './class-limit.ts';
import { UserRate } from './user-rate.ts';

/** Routes that share a bucket. */
export type EndpointClass = 'users' | 'messages' | 'events' | 'views';

export interface Rates {
  /** Writes of users and subscriptions, each second. */
  readonly users: number;
  readonly messages: number;
  /** Not published: none is enforced where this is null. */
  readonly events: number | null;
  readonly views: number;
  /** One write a second for each user or subscription. */
  readonly eachUser: boolean;
}

/** Ten views at once, one more each second. */
const VIEW_BURST = 10;

/** The published rates of an app, enforced when a request is received. */
export class Limits {
  readonly tagsPerUser: number | null;
  #rates: Rates;
  readonly #classes: Record<EndpointClass, ClassLimit | null>;
  readonly #users = new UserRate();

  constructor(plan: Plan, rates: Partial<Rates>, now: number) {
    const { tags, messagesPerSecond } = PLANS[plan];
    this.tagsPerUser = tags;
    this.#rates = {
      users: 1000,
      messages: messagesPerSecond,
      events: null,
      views: 1,
      eachUser: true,
      ...rates,
    };
    const { users, messages, events, views } = this.#rates;
    this.#classes = {
      users: new ClassLimit(users, users, now),
      messages: new ClassLimit(messages, messages, now),
      events: events === null ? null : new ClassLimit(events, events, now),
      views: new ClassLimit(views, Math.max(VIEW_BURST, views), now),
    };
  }

  get rates(): Rates {
    return this.#rates;
  }

  /** Another rate for a class, while requests come in. */
  change(name: EndpointClass, rate: number, now: number): void {
    this.#rates = { ...this.#rates, [name]: rate };
    const limit = this.#classes[name];
    if (limit === null) this.#classes[name] = new ClassLimit(rate, rate, now);
    else limit.change(rate, now);
  }

  admit(name: EndpointClass, now: number, least = 1): { retryAfter: number; early: boolean } | null {
    return this.#classes[name]?.admit(now, least) ?? null;
  }

  /** Whole seconds to wait before this user or subscription may be written again; null for none. */
  admitUser(key: string, now: number): number | null {
    if (!this.#rates.eachUser) return null;
    const wait = this.#users.wait(key, now);
    return wait === 0 ? null : Math.max(1, Math.ceil(wait / 1000));
  }

  counts(): Readonly<Partial<Record<EndpointClass, ClassCount>>> {
    return Object.fromEntries(
      Object.entries(this.#classes).flatMap(([name, limit]) => (limit === null ? [] : [[name, limit.count]])),
    );
  }
}
