/** Fields of `POST /notifications`; any documented field may be given. */
export interface MessageInput {
  readonly include_aliases?: Readonly<Record<string, readonly string[]>>;
  readonly target_channel?: 'push' | 'email' | 'sms';
  readonly include_subscription_ids?: readonly string[];
  readonly email_to?: readonly string[];
  readonly included_segments?: readonly string[];
  readonly template_id?: string;
  readonly email_subject?: string;
  readonly email_body?: string;
  readonly custom_data?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  /** ISO 8601. */
  readonly send_after?: string;
  /** A UUID. Made by the client when absent. */
  readonly idempotency_key?: string;
  readonly [field: string]: unknown;
}

/** What became of a message that was asked for. Both answers are HTTP 200. */
export type CreatedMessage =
  | { readonly kind: 'accepted'; readonly id: string; readonly warnings: unknown }
  /** Nobody could be reached: nothing was sent, and asking again sends nothing either. */
  | { readonly kind: 'no-recipients'; readonly reasons: readonly string[] };

export interface MessageView {
  readonly id: string;
  readonly successful: number;
  readonly failed: number;
  readonly errored: number;
  readonly remaining: number;
  readonly received?: number | null;
  readonly canceled: boolean;
  /** Unix seconds; null while it is being sent. */
  readonly completed_at: number | null;
  readonly platform_delivery_stats?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly [field: string]: unknown;
}

export interface MessageList {
  readonly total_count: number;
  readonly offset: number;
  readonly limit: number;
  readonly notifications: readonly MessageView[];
}

export interface TemplateInput {
  readonly name: string;
  readonly isEmail?: boolean;
  readonly email_subject?: string;
  readonly email_body?: string;
  readonly contents?: Readonly<Record<string, string>>;
}

export interface TemplateSummary {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Template extends TemplateSummary {
  readonly channel?: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface TemplateList {
  readonly total_count: number;
  readonly offset: number;
  readonly limit: number;
  readonly templates: readonly TemplateSummary[];
}

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

/** Events that were refused one by one; the others were taken. */
export interface RefusedEvent {
  /** The event's idempotency key. */
  readonly event_id?: string;
  readonly event_user_id?: string;
  readonly error: { readonly code: string; readonly title: string };
}

export interface JourneyInput {
  readonly name: string;
  readonly description?: string;
  readonly audience: Readonly<Record<string, unknown>>;
  readonly nodes: readonly Readonly<Record<string, unknown>>[];
  readonly reentry_rules?: { readonly duration_seconds: number };
}

export interface Journey extends JourneyInput {
  readonly id: string;
  readonly state: 'draft' | 'scheduled' | 'processing' | 'active' | 'archived';
  readonly concurrency_key?: string;
}

export interface JourneyList {
  readonly journeys: readonly {
    readonly id: string;
    readonly name: string;
    readonly state: Journey['state'];
  }[];
  readonly has_more: boolean;
  readonly next_cursor?: string;
}
