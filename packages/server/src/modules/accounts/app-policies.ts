import type { UpdateAppPolicyBody, Utm } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { ShortMemory } from '../../platform/short-memory.ts';
import { recordUpdate } from './audit/record-change.ts';
import type { Author } from './audit/author.ts';
import type { AppPolicy, PolicyDefaults } from './app-policy.ts';
import { findPolicy, lockPolicy, savePolicy } from './app-policy-store.ts';
import type { PolicyRow } from './app-policy-store.ts';
import { changeSending, sendingPolicyOf } from './sending-policy.ts';
import { countIdentityKeys } from './identity-verification/identity-key-store.ts';

/** How long another process's change goes unseen when its hint was lost. */
const LIFE_MS = 10_000;
const MOST_REMEMBERED = 10_000;

const NOTHING_SET: PolicyRow = {
  tag_limit: null,
  blocked_external_ids: null,
  identity_verification: 'off',
  utm: null,
  audience_guard: null,
  sending: null,
  unknown_event_users: 'refuse',
};

export interface AppPoliciesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly hints: Pick<Hints, 'give' | 'on'>;
  readonly defaults: PolicyDefaults;
}

/** What apps allow their users. Remembered, because every request of a device asks. */
export class AppPolicies {
  readonly #options: AppPoliciesOptions;
  readonly #memory: ShortMemory<AppPolicy>;

  constructor(options: AppPoliciesOptions) {
    const { database, clock, hints } = options;
    this.#options = options;
    this.#memory = new ShortMemory(clock, { lifeMs: LIFE_MS, most: MOST_REMEMBERED }, async (appId) =>
      this.#fill((await findPolicy(database, appId)) ?? NOTHING_SET),
    );
    hints.on('apps', () => this.#memory.clear());
  }

  /** The defaults for an app that has set nothing, and for one that does not exist. */
  async get(appId: string): Promise<AppPolicy> {
    return (await this.#memory.get(appId)) ?? this.#fill(NOTHING_SET);
  }

  /** Whether devices of this app have to send identity tokens. */
  async requiresTokens(appId: string): Promise<boolean> {
    return (await this.get(appId)).identityVerification === 'required';
  }

  /**
   * Changes what the body names and returns the whole. The next request of this process sees it, those of
   * others a moment later. Throws `app-not-found`, and `request-invalid` when tokens are to be required
   * while no key could have signed one, or links are to carry Liquid.
   */
  async change(appId: string, body: UpdateAppPolicyBody, author: Author): Promise<AppPolicy> {
    const { database, clock, hints } = this.#options;
    refuseLiquid(body.utm);
    const row = await database.transaction(async (transaction) => {
      if (!(await lockPolicy(transaction, appId))) {
        throw new ApiError('app-not-found', { params: { app_id: appId } });
      }
      const present = (await findPolicy(transaction, appId)) ?? NOTHING_SET;
      const changed = merge(present, body);
      if (body.identity_verification === 'required' && (await countIdentityKeys(transaction, appId)) === 0) {
        throw new ApiError('request-invalid', {
          params: {
            field: 'identity_verification',
            rule: 'must not be required while the app has no identity key: every device would be locked out. Add a key with POST /apps/<app_id>/identity_keys first',
          },
        });
      }
      await savePolicy(transaction, appId, { row: changed, now: clock.now() });
      await recordUpdate(transaction, clock.now(), author, {
        action: 'app_policy.updated',
        appId,
        target: { type: 'app_policy', id: appId },
        before: { ...present },
        after: { ...changed },
      });
      return changed;
    });
    hints.give('apps');
    return this.#fill(row);
  }

  #fill(row: PolicyRow): AppPolicy {
    const { tagLimit, blockedExternalIds } = this.#options.defaults;
    return {
      tagLimit: row.tag_limit ?? tagLimit,
      blockedExternalIds: row.blocked_external_ids ?? blockedExternalIds,
      identityVerification: row.identity_verification,
      utm: row.utm,
      audienceGuard: row.audience_guard,
      sending: sendingPolicyOf(row.sending),
      unknownEventUsers: row.unknown_event_users,
    };
  }
}

/** Absent leaves what is there; null goes back to the default. */
function merge(present: PolicyRow, body: UpdateAppPolicyBody): PolicyRow {
  return {
    tag_limit: body.tag_limit === undefined ? present.tag_limit : body.tag_limit,
    blocked_external_ids:
      body.blocked_external_ids === undefined ? present.blocked_external_ids : body.blocked_external_ids,
    identity_verification: body.identity_verification ?? present.identity_verification,
    utm: body.utm === undefined ? present.utm : body.utm,
    audience_guard: body.audience_guard === undefined ? present.audience_guard : body.audience_guard,
    sending: changeSending(present.sending, body.sending),
    unknown_event_users: body.unknown_event_users ?? present.unknown_event_users,
  };
}

/** Links carry these as they are written: nobody would see what was meant. */
function refuseLiquid(utm: Utm | null | undefined): void {
  for (const [name, value] of Object.entries(utm ?? {})) {
    if (!/\{[{%]/.test(value ?? '')) continue;
    const rule = 'is not filled in for each person: write it without {{ and {%';
    throw new ApiError('request-invalid', { params: { field: `utm.${name}`, rule } });
  }
}
