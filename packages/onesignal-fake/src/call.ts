import type { App } from './app/app.ts';
import type { Limits } from './limits/limits.ts';
import type { ViolationKind } from './limits/violations.ts';
import type { Json, Reply } from './reply.ts';

/** How the fake reads what the documents leave open. */
export interface Leanings {
  /** Does `POST /users` apply the properties to a user that exists already? Documents differ. */
  readonly createSetsProperties: boolean;
  /** Does it turn a subscription on or off that the user has already? */
  readonly createChangesSubscriptions: boolean;
  /** Does its answer list all the user's subscriptions, or those of the request only? */
  readonly createListsSubscriptions: boolean;
}

/** One request, with everything that a route needs to answer it. */
export interface Call {
  readonly appId: string;
  readonly app: App;
  readonly limits: Limits;
  readonly leanings: Leanings;
  readonly query: URLSearchParams;
  readonly body: Json;
  /** Bytes of the body as it came. */
  readonly bytes: number;
  readonly now: number;
  /** Where the fake is, for links in answers. */
  readonly url: string;
  /** Notes that the caller broke the published contract. */
  violated(kind: ViolationKind, detail: string): void;
  /** The answer to too many writes of this user or subscription; null where it may be written. */
  tooOften(key: string): Reply | null;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap((one: unknown) => textOf(one) ?? []) : [];
}
