import { createHash } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';
import type { SecretBox } from '../../../platform/crypto/index.ts';
import type { Database } from '../../../platform/database/database.ts';
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

  async set(appId: string, transport: Transport, settings: AnySettings, author: Author): Promise<void> {
    const { database, box, clock } = this.#options;
    const config = box.seal(JSON.stringify(settings), { appId, channel: transport });
    const now = clock.now();
    await database.transaction(async (transaction) => {
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
    });
    this.#remembered.forget(keyOf(appId, transport));
  }

  /** The app sends through the sandbox again, where there is one. */
  async remove(appId: string, transport: Transport, author: Author): Promise<void> {
    const { database, clock } = this.#options;
    await database.transaction(async (transaction) => {
      if (!(await new AccountStore(transaction).remove(appId, transport))) return;
      await removePause(transaction, appId, transport);
      await recordChange(transaction, clock.now(), author, {
        action: 'provider_account.deleted',
        appId,
        target: { type: 'provider_account', id: appId, name: transport },
      });
    });
    this.#remembered.forget(keyOf(appId, transport));
  }

  #ofKind(transport: Transport, settings: AnySettings): SettingsOfKind {
    const kind = this.kindsOf(transport).find((one) => one.kind === settings.kind);
    if (kind === undefined) throw new Error(`no kind ${settings.kind} of providers for ${transport}`);
    return { kind, settings };
  }

  async #read(store: AccountStore, appId: string, transport: Transport): Promise<AnyAccount | null> {
    const row = await store.find(appId, transport);
    if (row === null) return null;
    const text = this.#options.box.open(row.config, { appId, channel: transport });
    // Sealed twice, the same settings make other bytes: every write has a key of its own.
    const key = createHash('sha256').update(row.config).digest('base64url');
    return { key, settings: JSON.parse(text) as AnySettings };
  }
}

function keyOf(appId: string, transport: Transport): string {
  return `${appId} ${transport}`;
}
