import type { App, AppCredentials } from '@carillon/wire';
import type { Queryable } from '../../platform/database/database.ts';
import type { Author } from './audit/author.ts';

/** What an app tells of its credentials: secrets are masked. */
export type ShownCredentials = Pick<
  App,
  | 'apns_p8'
  | 'apns_key_id'
  | 'apns_team_id'
  | 'apns_bundle_id'
  | 'apns_certificates'
  | 'fcm_v1_service_account_json'
> &
  Partial<Pick<App, 'apns_env'>>;

/** Credentials of a request that were read, and nothing of them is written yet. */
export interface PreparedCredentials {
  /** Keeps them with their record in the audit log. */
  keep(transaction: Queryable, appId: string, author: Author): Promise<void>;
  /** After the transaction is committed. */
  kept(appId: string): void;
}

/** Whoever sends to devices keeps the credentials that the wire has among an app's settings. */
export interface PushCredentials {
  /** Throws ApiError that names the field. `appId` is null for an app that is to be created. */
  prepare(appId: string | null, body: AppCredentials): Promise<PreparedCredentials>;
  shown(appIds: readonly string[]): Promise<ReadonlyMap<string, ShownCredentials>>;
}
