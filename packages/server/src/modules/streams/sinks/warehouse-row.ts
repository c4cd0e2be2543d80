import type { FeedEvent } from '@carillon/wire';
import type { Queryable } from '../../../platform/database/database.ts';
import type { StreamEvent } from '../destination.ts';
import { deviceTypeOf } from '../facts/device-type.ts';
import { readEventFacts } from '../facts/event-facts.ts';
import type { EventFacts } from '../facts/event-facts.ts';

/** An event as a row of a table: the columns that event streams have in warehouses. */
export interface WarehouseRow {
  readonly event_id: string;
  readonly event_timestamp: string;
  readonly event_kind: string;
  readonly subscription_device_type: string | null;
  readonly language: string | null;
  readonly version: string | null;
  readonly device_os: string | null;
  readonly device_type: string | null;
  readonly token: string | null;
  readonly subscription_id: string | null;
  readonly subscribed: boolean | null;
  readonly onesignal_id: string | null;
  readonly last_active: string | null;
  readonly sdk: string | null;
  readonly external_id: string | null;
  readonly app_id: string;
  readonly template_id: string | null;
  readonly message_id: string | null;
  readonly message_name: string | null;
  readonly message_title: string | null;
  readonly message_contents: string | null;
  readonly failure_reason: string | null;
  /** Clicks only. Ours. */
  readonly url: string | null;
  /** What a custom event, a change of a subscription or a step of a journey says, as JSON. Ours. */
  readonly data: string | null;
}

/** The rows of some events, in their order: two statements, however many there are. */
export async function warehouseRows(
  database: Queryable,
  appId: string,
  events: readonly StreamEvent[],
): Promise<WarehouseRow[]> {
  const facts = await readEventFacts(database, appId, events);
  return events.map(({ event }, n) =>
    warehouseRow(appId, event, facts[n] ?? { message: undefined, person: undefined }),
  );
}

/** Texts with languages are JSON. */
function warehouseRow(appId: string, event: FeedEvent, { message, person }: EventFacts): WarehouseRow {
  const device = person?.device ?? {};
  const deviceType = deviceTypeOf(person?.type ?? null);
  return {
    event_id: event.id,
    event_timestamp: event.at,
    event_kind: event.kind,
    subscription_device_type: text(deviceType),
    language: person?.language ?? null,
    version: text(device['app_version']),
    device_os: text(device['device_os']),
    device_type: text(device['device_model']),
    token: event.address,
    subscription_id: event.subscription_id,
    subscribed: person?.subscribed ?? null,
    onesignal_id: event.onesignal_id,
    last_active: person?.lastActive?.toISOString() ?? null,
    sdk: text(device['sdk']),
    external_id: event.external_id,
    app_id: appId,
    template_id: event.template_id,
    message_id: event.message_id,
    message_name: event.message_name,
    message_title: json(message?.headings) ?? message?.subject ?? null,
    message_contents: json(message?.contents),
    failure_reason: event.reason,
    url: event.url,
    data: json(event.data),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function json(value: object | null | undefined): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
