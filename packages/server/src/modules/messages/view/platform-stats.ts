import type { Channel, MessageView } from '@carillon/wire';
import type { EventCount, PlatformFate } from './message-view-store.ts';

interface Stats {
  readonly successful: number;
  readonly failed: number;
  readonly errored: number;
  readonly converted: number;
  readonly received: number;
}

/** Clicks and confirmed deliveries: once for each subscription. */
export function engagementOf(events: readonly EventCount[]): Pick<Stats, 'converted' | 'received'> {
  return { converted: countOf(events, 'clicked').uniques, received: countOf(events, 'delivered').uniques };
}

/** How a message fared on its channel, with what only that channel can tell. */
export function platformStats(
  channel: Channel,
  stats: Stats,
  events: readonly EventCount[],
  platforms: readonly PlatformFate[],
): MessageView['platform_delivery_stats'] {
  const count = (kind: string) => countOf(events, kind);
  switch (channel) {
    case 'email':
      return {
        email: {
          ...stats,
          opened: count('opened').total,
          unique_opens: count('opened').uniques,
          clicks: count('clicked').total,
          unique_clicks: count('clicked').uniques,
          bounced: count('bounced').uniques,
          reported_spam: count('complained').uniques,
          unsubscribed: count('unsubscribed').uniques,
        },
      };
    case 'sms':
      return {
        sms: {
          ...stats,
          provider_successful: count('delivered').uniques,
          provider_failed: count('bounced').uniques,
          provider_errored: stats.errored,
        },
      };
    case 'push':
      return Object.fromEntries(platforms.flatMap(statsOfPlatform));
  }
}

/** Kinds of devices under the names that clients know; those that have none there under ours. */
const PLATFORM_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'ios'],
  [1, 'android'],
  [2, 'amazon'],
  [5, 'chrome_web_push'],
  [7, 'safari_legacy_push'],
  [8, 'firefox_web_push'],
  [9, 'macos'],
  [13, 'huawei'],
  [17, 'safari_web_push'],
]);

function statsOfPlatform(platform: PlatformFate): [string, Stats][] {
  const name = PLATFORM_NAMES.get(platform.deviceType);
  if (name === undefined) return [];
  const { successful, failed, errored, converted, received } = platform;
  return [[name, { successful, failed, errored, converted, received }]];
}

function countOf(events: readonly EventCount[], kind: string): Pick<EventCount, 'total' | 'uniques'> {
  return events.find((event) => event.kind === kind) ?? { total: 0, uniques: 0 };
}
