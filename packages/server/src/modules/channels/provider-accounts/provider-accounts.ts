import { createHash } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';
import type { SecretBox } from '../../../platform/crypto/index.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { ShortMemory } from '../../../platform/short-memory.ts';
import { recordChange, recordUpdate } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import type { ProviderAccount } from '../channel.ts';
import type { Transport } from '../transport.ts';
import { AccountStore } from './account-store.ts';
import { auditedSettings } from './audited-settings.ts';
import type { SettingsOfKind } from './audited-settings.ts';
import type { AnyProviderKind } from './provider-kind.ts';
import { removePause } from './provider-pause-store.ts';

/** Settings of any kind of provider: `kind` says which. */
export interface AnySettings {
  readonly kind: string;
}

export type AnyAccount = ProviderAccount<AnySettings>;

export interface ProviderAccountsOptions {
  readonly database: Database;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly kinds: readonly AnyProviderKind[];
  /** What an app sends through that has set nothing: the sandbox, or null where it has none for this way. */
  readonly fallback: (appId: string, transport: Transport) => AnyAccount | null;
  /** Called in this process after settings were changed by it. */
  readonly onChange: (appId: string, transport: Transport) => void;
}

/** So long another process may go on with settings that were changed here; and far more apps than send in it. */
const REMEMBERED = { lifeMs: 1_000, most: 10_000 };

/** Through whom each app sends, by each way. Settings are sealed in the database, for they hold secrets. */
export class ProviderAccounts {
  readonly #options: ProviderAccountsOptions;
  readonly #store: AccountStore;
  /** That an app has set nothing is remembered too. */
  readonly #remembered: ShortMemory<{ readonly account: AnyAccount | null }>;

  constructor(options: ProviderAccountsOptions) {
    this.#options = options;
    this.#store = new AccountStore(options.database);
    this.#remembered = new ShortMemory(options.clock, REMEMBERED, async (key) => {
      const [appId = '', transport = ''] = key.split(' ');
      return { account: await this.#read(this.#store, appId, transport as Transport) };
    });
  }

  /** The kinds of providers that a way can have. */
  kindsOf(transport: Transport): readonly AnyProviderKind[] {
    return this.#options.kinds.filter((kind) => kind.transport === transport);
  }

  /** What this app sends through now by this way, or null when nothing is set and there is no sandbox for it. */
  async of(appId: string, transport: Transport): Promise<AnyAccount | null> {
    return (await this.own(appId, transport)) ?? this.#options.fallback(appId, transport);
  }

  /** What this app has set itself, or null. */
  async own(appId: string, transport: Transport): Promise<AnyAccount | null> {
    return (await this.#remembered.get(keyOf(appId, transport)))?.account ?? null;
  }

  /** What apps have set themselves by this way; those that have set nothing are absent. */
  async ownOfApps(
    appIds: readonly string[],
    transport: Transport,
  ): Promise<ReadonlyMap<string, AnySettings>> {
    const rows = await this.#store.ofApps(appIds, transport);
    return new Map(rows.map((row) => [row.appId, this.#unseal(row.config, row.appId, transport)]));
  }

  async set(appId: string, transport: Transport, settings: AnySettings, author: Author): Promise<void> {
    await this.#options.database.transaction((transaction) =>
      this.setWithin(transaction, appId, transport, settings, author),
    );
    this.tellChange(appId, transport);
  }

  /** As `set`, in a transaction of the caller's, who calls `tellChange` when it is committed. */
  async setWithin(
    transaction: Queryable,
    appId: string,
    transport: Transport,
    settings: AnySettings,
    author: Author,
  ): Promise<void> {
    const { box, clock } = this.#options;
    const config = box.seal(JSON.stringify(settings), { appId, channel: transport });
    const now = clock.now();
    const store = new AccountStore(transaction);
    const before = (await this.#read(store, appId, transport))?.settings ?? null;
    await store.put(appId, transport, { kind: settings.kind, config }, now);
    await removePause(transaction, appId, transport);
    await recordUpdate(transaction, now, author, {
      action: 'provider_account.updated',
      appId,
      target: { type: 'provider_account', id: appId, name: transport },
      ...auditedSettings(
        before === null ? null : this.#ofKind(transport, before),
        this.#ofKind(transport, settings),
      ),
    });
  }

  /** The app sends through the sandbox again, where there is one. */
  async remove(appId: string, transport: Transport, author: Author): Promise<void> {
    await this.#options.database.transaction((transaction) =>
      this.removeWithin(transaction, appId, transport, author),
    );
    this.tellChange(appId, transport);
  }

  /** As `remove`, in a transaction of the caller's, who calls `tellChange` when it is committed. */
  async removeWithin(
    transaction: Queryable,
    appId: string,
    transport: Transport,
    author: Author,
  ): Promise<void> {
    if (!(await new AccountStore(transaction).remove(appId, transport))) return;
    await removePause(transaction, appId, transport);
    await recordChange(transaction, this.#options.clock.now(), author, {
      action: 'provider_account.deleted',
      appId,
      target: { type: 'provider_account', id: appId, name: transport },
    });
  }

  /** What is sent from now on goes by the settings that were written. */
  tellChange(appId: string, transport: Transport): void {
    this.#remembered.forget(keyOf(appId, transport));
    this.#options.onChange(appId, transport);
  }

  /** The apps that send through a kind of provider. */
  appsOf(transport: Transport, kind: string): Promise<string[]> {
    return this.#store.appsOf(transport, kind);
  }

  #ofKind(transport: Transport, settings: AnySettings): SettingsOfKind {
    const kind = this.kindsOf(transport).find((one) => one.kind === settings.kind);
    if (kind === undefined) throw new Error(`no kind ${settings.kind} of providers for ${transport}`);
    return { kind, settings };
  }

  async #read(store: AccountStore, appId: string, transport: Transport): Promise<AnyAccount | null> {
    const row = await store.find(appId, transport);
    if (row === null) return null;
    // Sealed twice, the same settings make other bytes: every write has a key of its own.
    const key = createHash('sha256').update(row.config).digest('base64url');
    return { key, settings: this.#unseal(row.config, appId, transport) };
  }

  #unseal(config: Buffer, appId: string, transport: Transport): AnySettings {
    return JSON.parse(this.#options.box.open(config, { appId, channel: transport })) as AnySettings;
  }
}

function keyOf(appId: string, transport: Transport): string {
  return `${appId} ${transport}`;
}
