import type { Channel, Subscription } from '@carillon/wire';

/** A row of `subscriptions`, as JSON. */
export interface SubscriptionRow {
  readonly lane: number;
  readonly id: string;
  readonly app_id: string;
  readonly user_id: string;
  readonly type: string;
  readonly channel: Channel;
  readonly token: string;
  readonly enabled: boolean;
  readonly notification_types: number;
  readonly device: Readonly<Record<string, unknown>>;
  readonly session_count: number;
  readonly session_time: number;
}

/** The wire form. */
export function presentSubscription(row: SubscriptionRow): Subscription {
  return {
    id: row.id,
    app_id: row.app_id,
    type: row.type,
    token: row.token,
    enabled: row.enabled,
    notification_types: row.notification_types,
    session_time: row.session_time,
    session_count: row.session_count,
    ...row.device,
  };
}
