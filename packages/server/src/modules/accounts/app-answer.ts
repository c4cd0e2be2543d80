import { PUSH_MEMBERS } from '@carillon/wire';
import type { App, AppChannels } from '@carillon/wire';
import type { AppRow } from './app-store.ts';
import type { ShownCredentials } from './push-credentials.ts';

/** Subscriptions of an app: all, and those that can be sent to. */
export interface AppCounts {
  readonly players: number;
  readonly messageablePlayers: number;
}

/** What is told of an app besides its row; null where it was not asked for. */
export interface AppDetail {
  readonly counts: AppCounts | null;
  readonly channels: AppChannels | null;
  readonly credentials: ShownCredentials | null;
}

const NO_PUSH = Object.fromEntries(PUSH_MEMBERS.map((name) => [name, null])) as Pick<
  App,
  (typeof PUSH_MEMBERS)[number]
>;

/** An app as the wire shows it. */
export function appAnswer(row: AppRow, { counts, channels, credentials }: AppDetail): App {
  const { settings } = row;
  return {
    id: row.id,
    name: row.name,
    ...(counts && { players: counts.players, messageable_players: counts.messageablePlayers }),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    organization_id: row.organization_id,
    additional_data_is_root_payload: settings.additional_data_is_root_payload ?? false,
    apns_env: (settings.apns_env ?? 'production') === 'production' ? 'production' : 'sandbox',
    chrome_web_origin: settings.chrome_web_origin ?? null,
    chrome_web_default_notification_icon: settings.chrome_web_default_notification_icon ?? null,
    site_name: settings.site_name ?? null,
    safari_site_origin: settings.safari_site_origin ?? null,
    ...(settings.safari_icon_256_256 != null && { safari_icon_256_256: settings.safari_icon_256_256 }),
    ...NO_PUSH,
    ...credentials,
    ...(channels && { channels }),
  };
}
