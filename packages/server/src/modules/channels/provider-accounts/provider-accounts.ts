import { createHash } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';
import type { SecretBox } from '../../../platform/crypto/index.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { ShortMemory } from '../../../platform/short-memory.ts';
import { recordChange, recordUpdate } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import type { ProviderAccount } from '../channel.ts';
import type { Transport } from '../transport.ts';
import { AccountStore } from './account-store.ts';
import type { AccountRow } from './account-store.ts';
import { auditedSettings } from './audited-settings.ts';
import type { SettingsOfKind } from './audited-settings.ts';
import type { AnyProviderKind } from './provider-kind.ts';
import { removePause } from './provider-pause-store.ts';
import { isOtherPlan } from './warm-up.ts';
import type { WarmUp } from './warm-up.ts';

/** Settings of any kind of provider: `kind` says which. */
export interface AnySettings {
  readonly kind: string;
}

export type AnyAccount = ProviderAccount<AnySettings>;

/** Where a provider stands among those of its app and way. */
export interface Standing {
  /** Those of the lowest order that work are asked first. */
  readonly order: number;
  /** Its part among those of its order. */
  readonly weight: number;
  /** How many a day it may be given while its sender is new; null for any number. */
  readonly warmUp: WarmUp | null;
  /** How many a minute it is given for a receiving domain: `{ 'gmail.com': 600 }`. Of emails only. */
  readonly domainLimits: Readonly<Record<string, number>> | null;
}

export interface NamedAccount extends AnyAccount, Standing {
  readonly name: string;
}

/** The name of the provider that is set without one. */
export const MAIN = 'main';
export const USUAL_STANDING: Standing = {
  order: 1,
  weight: 100,
  warmUp: null,
  domainLimits: null,
};
/** Of an app, by one way. */
const MOST_PROVIDERS = 20;

export interface NewAccount {
  readonly name: string;
  readonly settings: AnySettings;
  /** Stays as it is, or is the usual one, when absent. */
  readonly standing?: Partial<Standing>;
}

/** An app, and one of its ways. */
export interface AccountPlace {
  readonly appId: string;
  readonly transport: Transport;
}

export interface ProviderAccountsOptions {
  readonly database: Database;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly kinds: readonly AnyProviderKind[];
  /** What an app sends through that has set nothing: the sandbox, or null where it has none for this way. */
  readonly fallback: (appId: string, transport: Transport) => AnyAccount | null;
  /** Called in this process after settings were changed by it. */
  readonly onChange: (appId: string, transport: Transport) => void;
  /** Those who wait for the next day of a plan that is no more. */
  readonly waiting: WaitingForDays;
}

/** Who waits because of a warm-up plan: implemented by the messages module. */
export interface WaitingForDays {
  /** Within the transaction that changes the plan: whoever waits is due now, and asks the new one. */
  readonly free: (transaction: Queryable, place: AccountPlace, now: number) => Promise<void>;
  /** The transaction is committed. */
  readonly tell: () => void;
}

/** So long another process may go on with settings that were changed here; and far more apps than send in it. */
const REMEMBERED = { lifeMs: 1_000, most: 10_000 };

/** Through whom each app sends, by each way. Settings are sealed in the database, for they hold secrets. */
export class ProviderAccounts {
  readonly #options: ProviderAccountsOptions;
  readonly #store: AccountStore;
  /** That an app has set nothing is remembered too. */
  readonly #remembered: ShortMemory<readonly NamedAccount[]>;

  constructor(options: ProviderAccountsOptions) {
    this.#options = options;
    this.#store = new AccountStore(options.database);
    this.#remembered = new ShortMemory(options.clock, REMEMBERED, async (key) => {
      const [appId = '', transport = ''] = key.split(' ');
      return this.#read(this.#store, appId, transport as Transport);
    });
  }

  /** The kinds of providers that a way can have. */
  kindsOf(transport: Transport): readonly AnyProviderKind[] {
    return this.#options.kinds.filter((kind) => kind.transport === transport);
  }

  /** What this app sends through now by this way, in ascending order: the sandbox, where there is one, if none is set. */
  async of(appId: string, transport: Transport): Promise<readonly NamedAccount[]> {
    const own = await this.own(appId, transport);
    if (own.length > 0) return own;
    const fallback = this.#options.fallback(appId, transport);
    return fallback === null ? [] : [{ ...fallback, name: MAIN, ...USUAL_STANDING }];
  }

  /** What this app has set itself, in ascending order. */
  async own(appId: string, transport: Transport): Promise<readonly NamedAccount[]> {
    return (await this.#remembered.get(keyOf(appId, transport))) ?? [];
  }

  /** What apps have set themselves by this way, in ascending order; those that have set nothing are absent. */
  async ownOfApps(
    appIds: readonly string[],
    transport: Transport,
  ): Promise<ReadonlyMap<string, readonly NamedAccount[]>> {
    const found = new Map<string, NamedAccount[]>();
    for (const row of await this.#store.ofApps(appIds, transport)) {
      const accounts = found.get(row.appId) ?? [];
      found.set(row.appId, [...accounts, this.#named(row, row.appId, transport)]);
    }
    return found;
  }

  /** Sets one provider of an app. Throws ApiError `too-many-providers`. */
  async set(appId: string, transport: Transport, account: NewAccount, author: Author): Promise<NamedAccount> {
    const set = await this.#options.database.transaction((transaction) =>
      this.setWithin(transaction, { appId, transport }, account, author),
    );
    this.tellChange(appId, transport);
    return set;
  }

  /** As `set`, in a transaction of the caller's, who calls `tellChange` when it is committed. */
  async setWithin(
    transaction: Queryable,
    { appId, transport }: AccountPlace,
    { name, settings, standing }: NewAccount,
    author: Author,
  ): Promise<NamedAccount> {
    const { box, clock } = this.#options;
    const config = box.seal(JSON.stringify(settings), { appId, channel: transport });
    const now = clock.now();
    const store = new AccountStore(transaction);
    await store.lock(appId);
    const others = await this.#read(store, appId, transport);
    const before = others.find((one) => one.name === name) ?? null;
    if (before === null && others.length >= MOST_PROVIDERS) {
      throw new ApiError('too-many-providers', { params: { channel: transport, most: MOST_PROVIDERS } });
    }
    const { order, weight, warmUp, domainLimits } = { ...USUAL_STANDING, ...before, ...standing };
    const row = { name, kind: settings.kind, order, weight, warmUp, domainLimits, config };
    await store.put(appId, transport, row, now);
    if (isOtherPlan(before?.warmUp ?? null, warmUp)) {
      await this.#options.waiting.free(transaction, { appId, transport }, now);
    }
    await removePause(transaction, { appId, channel: transport, name });
    const audited = auditedSettings(
      before === null ? null : this.#ofKind(transport, before.settings),
      this.#ofKind(transport, settings),
    );
    await recordUpdate(transaction, now, author, {
      action: 'provider_account.updated',
      appId,
      target: targetOf(appId, transport, name),
      before: before === null ? {} : { ...shownStanding(before), ...audited.before },
      after: { ...shownStanding({ order, weight, warmUp, domainLimits }), ...audited.after },
    });
    return this.#named(row, appId, transport);
  }

  /** Whether there was one. The app sends through the sandbox again, where there is one, when it was the last. */
  async remove(appId: string, transport: Transport, name: string, author: Author): Promise<boolean> {
    const isRemoved = await this.#options.database.transaction((transaction) =>
      this.removeWithin(transaction, { appId, transport }, name, author),
    );
    this.tellChange(appId, transport);
    return isRemoved;
  }

  /** As `remove`, in a transaction of the caller's, who calls `tellChange` when it is committed. */
  async removeWithin(
    transaction: Queryable,
    { appId, transport }: AccountPlace,
    name: string,
    author: Author,
  ): Promise<boolean> {
    const { clock, waiting } = this.#options;
    if (!(await new AccountStore(transaction).remove(appId, transport, name))) return false;
    await removePause(transaction, { appId, channel: transport, name });
    await waiting.free(transaction, { appId, transport }, clock.now());
    await recordChange(transaction, clock.now(), author, {
      action: 'provider_account.deleted',
      appId,
      target: targetOf(appId, transport, name),
    });
    return true;
  }

  /** What is sent from now on goes by the settings that were written. */
  tellChange(appId: string, transport: Transport): void {
    this.#remembered.forget(keyOf(appId, transport));
    this.#options.onChange(appId, transport);
    this.#options.waiting.tell();
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

  async #read(store: AccountStore, appId: string, transport: Transport): Promise<NamedAccount[]> {
    return (await store.all(appId, transport)).map((row) => this.#named(row, appId, transport));
  }

  #named(row: AccountRow, appId: string, transport: Transport): NamedAccount {
    const { name, order, weight, warmUp, domainLimits, config } = row;
    return { name, order, weight, warmUp, domainLimits, ...this.#opened(config, appId, transport) };
  }

  #opened(config: Buffer, appId: string, transport: Transport): AnyAccount {
    const text = this.#options.box.open(config, { appId, channel: transport });
    // Sealed twice, the same settings make other bytes: every write has a key of its own.
    const key = createHash('sha256').update(config).digest('base64url');
    return { key, settings: JSON.parse(text) as AnySettings };
  }
}

/** As the wire has it. */
export function shownStanding({ order, weight, warmUp, domainLimits }: Standing) {
  const plan = warmUp === null ? null : { starts_on: warmUp.startsOn, per_day: warmUp.perDay };
  return { order, weight, warm_up: plan, domain_limits: domainLimits };
}

function targetOf(appId: string, transport: Transport, name: string) {
  return {
    type: 'provider_account',
    id: appId,
    name: name === MAIN ? transport : `${transport} ${name}`,
  } as const;
}

function keyOf(appId: string, transport: Transport): string {
  return `${appId} ${transport}`;
}
