import type { FilterEntry } from '@carillon/wire';

/** Fields of `POST /notifications`; any documented field may be given. */
export interface MessageInput {
  readonly include_aliases?: Readonly<Record<string, readonly string[]>>;
  readonly target_channel?: 'push' | 'email' | 'sms';
  readonly include_subscription_ids?: readonly string[];
  readonly email_to?: readonly string[];
  readonly included_segments?: readonly string[];
  /** With `included_segments` or `filters`: whoever is in one of them gets nothing. */
  readonly excluded_segments?: readonly string[];
  /** At most 200 entries, operators included. */
  readonly filters?: readonly Filter[];
  readonly template_id?: string;
  readonly email_subject?: string;
  readonly email_body?: string;
  readonly custom_data?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  /** ISO 8601. */
  readonly send_after?: string;
  /** Carillon only: so many percent of the users meant get nothing, to compare the others with. */
  readonly hold_out_percent?: number;
  /** Carillon only: messages that name the same group hold the same users out. */
  readonly hold_out_group?: string;
  /** A UUID. Made by the client when absent. */
  readonly idempotency_key?: string;
  readonly [field: string]: unknown;
}

/** A filter, or `{ operator: 'OR' }` between two of them; neighbours belong together. */
export type Filter = FilterEntry;

/** Whom to count. What is given together narrows. */
export interface CountInput {
  readonly included_segments?: readonly string[];
  readonly excluded_segments?: readonly string[];
  readonly filters?: readonly Filter[];
  readonly include_aliases?: Readonly<Record<string, readonly string[]>>;
  readonly target_channel?: 'push' | 'email' | 'sms';
}

/** What became of a message that was asked for. Both answers are HTTP 200. */
export type CreatedMessage =
  | { readonly kind: 'accepted'; readonly id: string; readonly warnings: unknown }
  /** Nobody could be reached: nothing was sent, and asking again sends nothing either. */
  | { readonly kind: 'no-recipients'; readonly reasons: readonly string[] };

/** One custom event. Exactly one of external_id and onesignal_id. */
export interface CustomEventInput {
  readonly name: string;
  readonly external_id?: string;
  readonly onesignal_id?: string;
  /** ISO 8601; the time of arrival when absent. */
  readonly timestamp?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  /** A UUID. Made by the client when absent. */
  readonly idempotency_key?: string;
}
