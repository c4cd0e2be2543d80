import type {
  CreateWebhookBody,
  EnableWebhookBody,
  RotateStreamSecretAnswer,
  RotateStreamSecretBody,
  TestWebhookAnswer,
  TestWebhookBody,
  UpdateWebhookBody,
} from '@carillon/wire';
import type { SecretBox } from '../../../platform/crypto/index.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isUuid, newId } from '../../../platform/ids.ts';
import { recordChange, recordUpdate } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import { makeWebhookSecret, readWebhookSecret } from '../../channels/index.ts';
import { dropCalls } from '../calls/call-store.ts';
import { auditedWebhook } from './present-webhook.ts';
import type { Webhook } from './present-webhook.ts';
import { changeSettings, readWebhookBody } from './read-webhook-body.ts';
import { testWebhook } from './test-webhook.ts';
import type { TestWebhookOptions } from './test-webhook.ts';
import { openSettings, sealSettings } from './webhook-settings.ts';
import {
  countWebhooks,
  disableWebhook,
  enableWebhook,
  findWebhook,
  insertWebhook,
  lockWebhooks,
  removeWebhook,
  updateWebhook,
  webhooksAfter,
} from './webhook-store.ts';
import type { WebhookRow } from './webhook-store.ts';

export interface WebhooksOptions extends TestWebhookOptions {
  readonly database: Database;
  /** Seals settings. */
  readonly box: SecretBox;
  /** Whether requests may go to an address. */
  readonly isReachable: (address: string) => boolean;
  /** Names of the journeys that call a webhook: as long as there are any, it stays. */
  readonly usedBy: (transaction: Queryable, appId: string, id: string) => Promise<readonly string[]>;
  /** Called after a webhook was changed or enabled. */
  readonly onChange: () => void;
}

/** Of an app. */
const MOST_WEBHOOKS = 500;
const GRACE_HOURS = 24;
const HOUR_MS = 3_600_000;
const CALLS_A_STATEMENT = 5_000;

/** The webhooks of all apps. */
export class Webhooks {
  readonly #options: WebhooksOptions;

  constructor(options: WebhooksOptions) {
    this.#options = options;
  }

  /** By name, behind `after`. */
  async list(appId: string, after: string, limit: number): Promise<Webhook[]> {
    return (await webhooksAfter(this.#options.database, appId, after, limit)).map((row) =>
      this.#open(appId, row),
    );
  }

  /** Throws ApiError `webhook-not-found`. */
  async view(appId: string, id: string): Promise<Webhook> {
    return this.#open(appId, await this.#find(this.#options.database, appId, id));
  }

  /** `madeSecret` is told this once. Throws ApiError `webhook-name-taken`, `too-many-webhooks`, and as `readWebhookBody`. */
  async create(
    appId: string,
    asked: CreateWebhookBody,
    author: Author,
  ): Promise<Webhook & { readonly madeSecret: string | null }> {
    const { database, box, clock, isReachable } = this.#options;
    const { settings, madeSecret } = readWebhookBody(asked, isReachable);
    const id = newId();
    const { name } = asked;
    const config = sealSettings(box, { appId, id }, settings);
    await database.transaction(async (transaction) => {
      await lockWebhooks(transaction, appId);
      const { all, isNameTaken } = await countWebhooks(transaction, appId, { id, name });
      if (isNameTaken) throw new ApiError('webhook-name-taken', { params: { name } });
      if (all >= MOST_WEBHOOKS) throw new ApiError('too-many-webhooks', { params: { most: MOST_WEBHOOKS } });
      const now = clock.now();
      await insertWebhook(transaction, appId, { id, name, config }, now);
      await recordChange(transaction, now, author, changeOf(appId, { id, name }, 'webhook.created'));
    });
    return { ...(await this.view(appId, id)), madeSecret };
  }

  /** Throws ApiError `webhook-not-found`, `webhook-name-taken`, and as `readWebhookBody`. */
  async update(appId: string, id: string, asked: UpdateWebhookBody, author: Author): Promise<Webhook> {
    const { box, isReachable } = this.#options;
    await this.#change(appId, id, async (transaction, row, now) => {
      const { name = row.name } = asked;
      const { isNameTaken } = await countWebhooks(transaction, appId, { id: row.id, name });
      if (isNameTaken) throw new ApiError('webhook-name-taken', { params: { name } });
      const before = openSettings(box, { appId, ...row });
      const settings = changeSettings(before, asked, isReachable);
      const config = sealSettings(box, { appId, id: row.id }, settings);
      await updateWebhook(transaction, appId, { id: row.id, name, config }, now);
      await recordUpdate(transaction, now, author, {
        ...changeOf(appId, { id: row.id, name }, 'webhook.updated'),
        ...auditedWebhook({ name: row.name, settings: before }, { name, settings }),
      });
    });
    return this.view(appId, id);
  }

  /** Calls that wait are not made. Throws ApiError `webhook-not-found`, `webhook-in-use`. */
  async remove(appId: string, id: string, author: Author): Promise<void> {
    const { usedBy } = this.#options;
    await this.#change(appId, id, async (transaction, row, now) => {
      const journeys = await usedBy(transaction, appId, row.id);
      if (journeys.length > 0) {
        throw new ApiError('webhook-in-use', { params: { journeys: journeys.join(', ') } });
      }
      await removeWebhook(transaction, appId, row.id);
      await recordChange(transaction, now, author, changeOf(appId, row, 'webhook.deleted'));
    });
  }

  /** Calls wait until it is enabled again. Throws ApiError `webhook-not-found`. */
  async disable(appId: string, id: string, author: Author): Promise<Webhook> {
    await this.#change(appId, id, async (transaction, row, now) => {
      const reason = 'by request';
      await disableWebhook(transaction, appId, row.id, reason, now);
      const change = changeOf(appId, row, 'webhook.disabled');
      await recordChange(transaction, now, author, { ...change, metadata: { reason } });
    });
    return this.view(appId, id);
  }

  /** Goes on at once, also while it rests. Throws ApiError `webhook-not-found`. */
  async enable(
    appId: string,
    id: string,
    { skip_waiting: skipsWaiting = false }: EnableWebhookBody,
    author: Author,
  ): Promise<Webhook> {
    const { database } = this.#options;
    const { row: found } = await this.view(appId, id);
    const place = { appId, id: found.id };
    if (skipsWaiting) {
      while ((await dropCalls(database, place, CALLS_A_STATEMENT)) === CALLS_A_STATEMENT);
    }
    await this.#change(appId, id, async (transaction, row, now) => {
      await enableWebhook(transaction, appId, row.id, now);
      const change = changeOf(appId, row, 'webhook.enabled');
      await recordChange(transaction, now, author, { ...change, metadata: { skip_waiting: skipsWaiting } });
    });
    return this.view(appId, id);
  }

  /** Throws ApiError `webhook-not-found`, `request-invalid`. */
  async rotateSecret(
    appId: string,
    id: string,
    { secret: given, grace_hours: graceHours = GRACE_HOURS }: RotateStreamSecretBody,
    author: Author,
  ): Promise<RotateStreamSecretAnswer> {
    const { box } = this.#options;
    const secret = given === undefined ? makeWebhookSecret() : readWebhookSecret(given);
    let expiresAt = 0;
    await this.#change(appId, id, async (transaction, row, now) => {
      const before = openSettings(box, { appId, ...row });
      expiresAt = now + graceHours * HOUR_MS;
      const settings = { ...before, secret, oldSecret: { secret: before.secret, expiresAt } };
      const config = sealSettings(box, { appId, id: row.id }, settings);
      await updateWebhook(transaction, appId, { id: row.id, name: row.name, config }, now);
      await recordChange(transaction, now, author, changeOf(appId, row, 'webhook.rotated'));
    });
    return { secret, old_expires_at: new Date(expiresAt).toISOString() };
  }

  /** Makes one call at once. Throws ApiError `webhook-not-found`, `webhook-test-user-not-found`. */
  async test(appId: string, id: string, asked: TestWebhookBody): Promise<TestWebhookAnswer> {
    const { row, settings } = await this.view(appId, id);
    return testWebhook(this.#options, { appId, id: row.id }, settings, asked);
  }

  async #change(
    appId: string,
    id: string,
    work: (transaction: Queryable, row: WebhookRow, now: number) => Promise<void>,
  ): Promise<void> {
    const { database, clock, onChange } = this.#options;
    await database.transaction(async (transaction) => {
      await lockWebhooks(transaction, appId);
      await work(transaction, await this.#find(transaction, appId, id), clock.now());
    });
    onChange();
  }

  async #find(database: Queryable, appId: string, id: string): Promise<WebhookRow> {
    const row = isUuid(id) ? await findWebhook(database, appId, id) : null;
    if (row === null) throw new ApiError('webhook-not-found', { params: { id } });
    return row;
  }

  #open(appId: string, row: WebhookRow): Webhook {
    return { row, settings: openSettings(this.#options.box, { appId, ...row }) };
  }
}

type WebhookAction =
  | 'webhook.created'
  | 'webhook.updated'
  | 'webhook.deleted'
  | 'webhook.disabled'
  | 'webhook.enabled'
  | 'webhook.rotated';

function changeOf<Action extends WebhookAction>(
  appId: string,
  { id, name }: { readonly id: string; readonly name: string },
  action: Action,
) {
  return { action, appId, target: { type: 'webhook', id, name } } as const;
}
