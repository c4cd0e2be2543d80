import type { AppCredentials as CredentialsBody } from '@carillon/wire';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Author, PushCredentials, ShownCredentials } from '../../accounts/index.ts';
import { MAIN } from '../provider-accounts/provider-accounts.ts';
import type { NamedAccount, ProviderAccounts } from '../provider-accounts/provider-accounts.ts';
import type { ApnsSettings } from '../push/apns/apns-account.ts';
import type { FcmSettings } from '../push/fcm/fcm-account.ts';
import { MASK } from './masked.ts';
import { readCredentials } from './read-credentials.ts';
import type { AppAccounts } from './read-credentials.ts';

/** An account of the kind `null` is none that an app of the wire tells of. */
const IOS = new Set(['apns', 'apns_certificate']);

/** The credentials of an app as the wire has them, kept as the app's main providers of their ways. */
export class AppCredentials implements PushCredentials {
  readonly #accounts: ProviderAccounts;

  constructor(accounts: ProviderAccounts) {
    this.#accounts = accounts;
  }

  async prepare(appId: string | null, body: CredentialsBody) {
    const before: AppAccounts = appId === null ? NONE : ((await this.#of([appId])).get(appId) ?? NONE);
    const after = readCredentials(body, before);
    const changes = [
      { transport: 'ios_push', from: before.ios, to: after.ios },
      { transport: 'android_push', from: before.android, to: after.android },
    ] as const;
    const changed = changes.filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
    return {
      keep: async (transaction: Queryable, owner: string, author: Author) => {
        for (const { transport, to } of changed) {
          const place = { appId: owner, transport };
          if (to === null) await this.#accounts.removeWithin(transaction, place, MAIN, author);
          else await this.#accounts.setWithin(transaction, place, { name: MAIN, settings: to }, author);
        }
      },
      kept: (owner: string) => {
        for (const { transport } of changed) this.#accounts.tellChange(owner, transport);
      },
    };
  }

  async shown(appIds: readonly string[]): Promise<ReadonlyMap<string, ShownCredentials>> {
    const accounts = await this.#of(appIds);
    return new Map([...accounts].map(([appId, account]) => [appId, show(account)]));
  }

  async #of(appIds: readonly string[]): Promise<Map<string, AppAccounts>> {
    const [ios, android] = await Promise.all([
      this.#accounts.ownOfApps(appIds, 'ios_push'),
      this.#accounts.ownOfApps(appIds, 'android_push'),
    ]);
    return new Map(
      appIds.map((appId) => [appId, { ios: apnsOf(ios.get(appId)), android: fcmOf(android.get(appId)) }]),
    );
  }
}

const NONE: AppAccounts = { ios: null, android: null };

function apnsOf(accounts: readonly NamedAccount[] | undefined): ApnsSettings | null {
  const settings = mainOf(accounts);
  return settings !== null && IOS.has(settings.kind) ? (settings as ApnsSettings) : null;
}

function fcmOf(accounts: readonly NamedAccount[] | undefined): FcmSettings | null {
  const settings = mainOf(accounts);
  return settings?.kind === 'fcm' ? (settings as FcmSettings) : null;
}

/** The one that is set without a name. */
function mainOf(accounts: readonly NamedAccount[] = []) {
  return accounts.find(({ name }) => name === MAIN)?.settings ?? null;
}

function show({ ios, android }: AppAccounts): ShownCredentials {
  const key = ios?.kind === 'apns' ? ios : null;
  return {
    apns_p8: key === null ? null : MASK,
    apns_key_id: key?.keyId ?? null,
    apns_team_id: key?.teamId ?? null,
    apns_bundle_id: ios?.bundleId ?? null,
    apns_certificates: ios?.kind === 'apns_certificate' ? MASK : null,
    fcm_v1_service_account_json: android === null ? null : MASK,
    ...(ios !== null && { apns_env: ios.environment }),
  };
}
