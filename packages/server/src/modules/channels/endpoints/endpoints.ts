import type { EndpointBody, EndpointPostBody, EndpointTestAnswer } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { SecretBox } from '../../../platform/crypto/index.ts';
import type { Database } from '../../../platform/database/database.ts';
import { retryTransient } from '../../../platform/database/retry.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { newTimedId } from '../../../platform/ids.ts';
import type { Outbound } from '../../../platform/outbound/index.ts';
import { recordChange, recordUpdate } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import { auditedSettings } from '../provider-accounts/audited-settings.ts';
import { acceptPost } from './accept-post.ts';
import type { AcceptedPost } from './accept-post.ts';
import { deliverPost } from './deliver-post.ts';
import { endpointAudit, readSettings } from './endpoint-settings.ts';
import type { EndpointSettings } from './endpoint-settings.ts';
import { endpointsOf, findEndpoint, lockEndpoints, putEndpoint, removeEndpoint } from './endpoint-store.ts';
import type { EndpointRow } from './endpoint-store.ts';
import { failWaitingPosts } from './post-store.ts';

export interface EndpointsOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Seals settings. */
  readonly box: SecretBox;
  readonly outbound: Outbound;
  /** Whether requests may go to an address. */
  readonly isReachable: (address: string) => boolean;
  /** Called after a post was accepted. */
  readonly onPost: () => void;
}

export interface Endpoint {
  readonly name: string;
  readonly settings: EndpointSettings;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Of an app. */
const MOST_ENDPOINTS = 100;
const TEST = { title: 'A test from Carillon', text: 'If you read this, the endpoint works.', link: null };

/** Places outside that apps post to, under names of their own. */
export class Endpoints {
  readonly #options: EndpointsOptions;

  constructor(options: EndpointsOptions) {
    this.#options = options;
  }

  /** In the order of their names. */
  async list(appId: string): Promise<Endpoint[]> {
    return (await endpointsOf(this.#options.database, appId)).map((row) => this.#open(appId, row));
  }

  async find(appId: string, name: string): Promise<Endpoint | null> {
    const row = await findEndpoint(this.#options.database, appId, name);
    return row === null ? null : this.#open(appId, row);
  }

  /** Throws ApiError `endpoint-not-found`. */
  async view(appId: string, name: string): Promise<Endpoint> {
    const found = await this.find(appId, name);
    if (found === null) throw new ApiError('endpoint-not-found', { params: { name } });
    return found;
  }

  /**
   * Sets one endpoint, in the place of what was set before; what waits for it goes to the new one. `madeSecret` is
   * told this once. Throws ApiError `too-many-endpoints`, `request-invalid`.
   */
  set(
    appId: string,
    name: string,
    body: EndpointBody,
    author: Author,
  ): Promise<Endpoint & { readonly madeSecret: string | null }> {
    const { database, box, clock, isReachable } = this.#options;
    return database.transaction(async (transaction) => {
      await lockEndpoints(transaction, appId);
      const row = await findEndpoint(transaction, appId, name);
      if (row === null && (await endpointsOf(transaction, appId)).length >= MOST_ENDPOINTS) {
        throw new ApiError('too-many-endpoints', { params: { most: MOST_ENDPOINTS } });
      }
      const before = row === null ? null : this.#open(appId, row).settings;
      const { settings, madeSecret } = readSettings(body, before, isReachable);
      const config = box.seal(JSON.stringify(settings), placeOf(appId, name));
      const now = clock.now();
      const put = await putEndpoint(transaction, appId, { name, kind: settings.kind, config }, now);
      await recordUpdate(transaction, now, author, {
        action: 'endpoint.updated',
        appId,
        target: targetOf(appId, name),
        ...auditedSettings(before === null ? null : { kind: endpointAudit, settings: before }, {
          kind: endpointAudit,
          settings,
        }),
      });
      return { ...this.#open(appId, put), madeSecret };
    });
  }

  /** What waits for it ends as failed. Throws ApiError `endpoint-not-found`. */
  async remove(appId: string, name: string, author: Author): Promise<void> {
    const { database, clock } = this.#options;
    await database.transaction(async (transaction) => {
      if (!(await removeEndpoint(transaction, appId, name))) {
        throw new ApiError('endpoint-not-found', { params: { name } });
      }
      const now = clock.now();
      await failWaitingPosts(transaction, appId, name, 'the endpoint was deleted', now);
      await recordChange(transaction, now, author, {
        action: 'endpoint.deleted',
        appId,
        target: targetOf(appId, name),
      });
    });
  }

  /** Accepts a post: it is committed when this resolves. Throws as `acceptPost`. */
  async post(appId: string, endpoint: string, asked: EndpointPostBody): Promise<AcceptedPost> {
    const { database, clock, onPost } = this.#options;
    const accepted = await retryTransient(() =>
      database.transaction((transaction) => acceptPost(transaction, { appId, endpoint }, asked, clock.now())),
    );
    if (!accepted.replayed) onPost();
    return accepted;
  }

  /** Posts a test at once, tried once and written down nowhere. Throws ApiError `endpoint-not-found`. */
  async test(appId: string, name: string): Promise<EndpointTestAnswer> {
    const { clock } = this.#options;
    const { settings } = await this.view(appId, name);
    const now = clock.now();
    const post = { id: newTimedId(now), endpoint: name, createdAt: now, content: { ...TEST, data: null } };
    const from = performance.now();
    const outcome = await deliverPost(this.#options, settings, post);
    return {
      state: outcome.state,
      reason: outcome.state === 'sent' ? null : outcome.reason,
      milliseconds: Math.round(performance.now() - from),
    };
  }

  #open(appId: string, { name, config, createdAt, updatedAt }: EndpointRow): Endpoint {
    const text = this.#options.box.open(config, placeOf(appId, name));
    return { name, settings: JSON.parse(text) as EndpointSettings, createdAt, updatedAt };
  }
}

function placeOf(appId: string, name: string) {
  return { appId, channel: `endpoint ${name}` };
}

function targetOf(appId: string, name: string) {
  return { type: 'endpoint', id: appId, name } as const;
}
