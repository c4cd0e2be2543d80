import type { ExportKind } from '@carillon/wire';
import { activitySource } from './activity-source-store.ts';
import { deliverySource, messageEventSource } from './delivery-source-store.ts';
import type { ExportSource } from './export-source.ts';
import { subscriptionSource } from './subscription-source-store.ts';
import { userSource } from './user-source-store.ts';

/** Where the rows of each kind come from. */
export const EXPORT_SOURCES: Readonly<Record<ExportKind, ExportSource>> = {
  subscriptions: subscriptionSource,
  users: userSource,
  deliveries: deliverySource,
  message_events: messageEventSource,
  audience_activity: activitySource,
};
