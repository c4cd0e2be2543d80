import { createHash } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';
import type { SecretBox } from '../../../platform/crypto/index.ts';
import type { Database } from '../../../platform/database/database.ts';
import { recordChange, recordUpdate } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import type { ProviderAccount } from '../channel.ts';
import type { EmailSettings } from '../email/email-account.ts';
import { AccountStore } from './account-store.ts';
import { removePause } from './provider-pause-store.ts';
import { auditedSettings } from './audited-settings.ts';

export interface ProviderAccountsOptions {
  readonly database: Database;
  readonly box: SecretBox;
  readonly clock: Clock;
  /** What an app sends through that has set nothing: the sandbox, or null where there is none. */
  readonly fallback: () => ProviderAccount<EmailSettings> | null;
}

type Account = ProviderAccount<EmailSettings>;

/** So long another process may go on with settings that were changed here. */
const REMEMBERED_MS = 1_000;
/** Far more apps than one process sends for within a second. */
const MOST_REMEMBERED = 10_000;

/** Through whom each app sends email. Settings are sealed in the database, for they hold a password. */
export class ProviderAccounts {
  readonly #options: ProviderAccountsOptions;
  readonly #store: AccountStore;
  readonly #remembered = new Map<
    string,
    { readonly account: Promise<Account | null>; readonly until: number }
  >();

  constructor(options: ProviderAccountsOptions) {
    this.#options = options;
    this.#store = new AccountStore(options.database);
  }

  /** What this app sends its email through now, or null when nothing is set and there is no sandbox. */
  async email(appId: string): Promise<Account | null> {
    return (await this.ownEmail(appId)) ?? this.#options.fallback();
  }

  /** What this app has set itself, or null. */
  async ownEmail(appId: string): Promise<Account | null> {
    const now = this.#options.clock.now();
    const known = this.#remembered.get(appId);
    if (known !== undefined && known.until > now) return known.account;
    const account = this.#read(this.#store, appId);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(appId, { account, until: now + REMEMBERED_MS });
    account.catch(() => this.#remembered.delete(appId));
    return account;
  }

  async setEmail(appId: string, settings: EmailSettings, author: Author): Promise<void> {
    const { database, box, clock } = this.#options;
    const config = box.seal(JSON.stringify(settings), { appId, channel: 'email' });
    const now = clock.now();
    await database.transaction(async (transaction) => {
      const store = new AccountStore(transaction);
      const before = (await this.#read(store, appId))?.settings ?? null;
      await store.put(appId, 'email', { kind: settings.kind, config }, now);
      await removePause(transaction, appId, 'email');
      await recordUpdate(transaction, now, author, {
        action: 'provider_account.updated',
        appId,
        target: { type: 'provider_account', id: appId, name: 'email' },
        ...auditedSettings(before, settings),
      });
    });
    this.#remembered.delete(appId);
  }

  /** The app sends through the sandbox again, where there is one. */
  async removeEmail(appId: string, author: Author): Promise<void> {
    const { database, clock } = this.#options;
    await database.transaction(async (transaction) => {
      if (!(await new AccountStore(transaction).remove(appId, 'email'))) return;
      await removePause(transaction, appId, 'email');
      await recordChange(transaction, clock.now(), author, {
        action: 'provider_account.deleted',
        appId,
        target: { type: 'provider_account', id: appId, name: 'email' },
      });
    });
    this.#remembered.delete(appId);
  }

  async #read(store: AccountStore, appId: string): Promise<Account | null> {
    const row = await store.find(appId, 'email');
    if (row === null) return null;
    const text = this.#options.box.open(row.config, { appId, channel: 'email' });
    // Sealed twice, the same settings make other bytes: every write has a key of its own.
    const key = createHash('sha256').update(row.config).digest('base64url');
    return { key, settings: JSON.parse(text) as EmailSettings };
  }
}
