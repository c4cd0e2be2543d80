import type {
  EventStreamBody,
  RotateStreamSecretAnswer,
  RotateStreamSecretBody,
  TestEventStreamAnswer,
} from '@carillon/wire';
import type { SecretBox } from '../../../platform/crypto/index.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { newId } from '../../../platform/ids.ts';
import { recordUpdate } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import { makeWebhookSecret, readWebhookSecret } from '../../channels/index.ts';
import {
  decodeFeedCursor,
  encodeFeedCursor,
  FEED_START,
  feedEnd,
  readLag,
  topicsOf,
  wantTopics,
} from '../../feed/index.ts';
import type { FeedLag } from '../../feed/index.ts';
import type { Destination } from '../destination.ts';
import { createKindFilter } from '../event-filter.ts';
import { auditedStream } from './audited-stream.ts';
import { changeOf, changeStream, findNamedStream } from './change-stream.ts';
import type { ChangeStreamOptions } from './change-stream.ts';
import { checkRendering } from './check-rendering.ts';
import type { RenderSample } from './check-rendering.ts';
import { readStreamBody } from './read-stream-body.ts';
import { openSettings, sealSettings } from './sealed-settings.ts';
import type { StreamSettings } from './stream-settings.ts';
import {
  findStream,
  insertStream,
  lockStreams,
  removeStream,
  streamsOf,
  updateStream,
} from './stream-store.ts';
import type { StreamRow } from './stream-store.ts';
import { tryDestination } from './try-stream.ts';

export interface EventStreamsOptions extends ChangeStreamOptions {
  /** Seals settings. */
  readonly box: SecretBox;
  /** Whether requests may go to an address. */
  readonly isReachable: (address: string) => boolean;
  readonly render: RenderSample;
  /** For tests, which go nowhere else. */
  readonly destinationOf: (
    stream: { readonly appId: string; readonly id: string },
    settings: StreamSettings,
  ) => Destination;
}

export interface EventStream {
  readonly row: StreamRow;
  readonly settings: StreamSettings;
  readonly lag: FeedLag;
}

/** Of an app. */
const MOST_STREAMS = 50;
const GRACE_HOURS = 24;
const HOUR_MS = 3_600_000;

/** Where apps have their events sent. */
export class EventStreams {
  readonly #options: EventStreamsOptions;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /** In the order of their names. */
  async list(appId: string): Promise<EventStream[]> {
    const rows = await streamsOf(this.#options.database, appId);
    return Promise.all(rows.map((row) => this.#open(appId, row)));
  }

  /** Throws ApiError `event-stream-not-found`. */
  async view(appId: string, name: string): Promise<EventStream> {
    return this.#open(appId, await this.find(appId, name));
  }

  /** Throws ApiError `event-stream-not-found`. */
  find(appId: string, name: string): Promise<StreamRow> {
    return findNamedStream(this.#options.database, appId, name);
  }

  /**
   * Sets one stream, in the place of what was set before; it goes on where it was. `madeSecret` is told this once.
   * Throws ApiError `too-many-event-streams`, `event-stream-kind`, `request-invalid`, `liquid-invalid`.
   */
  async set(
    appId: string,
    name: string,
    body: EventStreamBody,
    author: Author,
  ): Promise<EventStream & { readonly madeSecret: string | null }> {
    const { database, box, clock, isReachable, render, onChange } = this.#options;
    // Rendered before the app's row is locked: Liquid may take its time.
    await checkRendering(render, readStreamBody(body, null, isReachable).settings.target, appId, clock.now());
    const madeSecret = await database.transaction(async (transaction) => {
      await lockStreams(transaction, appId);
      const row = await findStream(transaction, appId, name);
      if (row !== null && row.kind !== body.kind) {
        throw new ApiError('event-stream-kind', { params: { name, kind: row.kind } });
      }
      if (row === null && (await streamsOf(transaction, appId)).length >= MOST_STREAMS) {
        throw new ApiError('too-many-event-streams', { params: { most: MOST_STREAMS } });
      }
      const before = row === null ? null : openSettings(box, { appId, ...row });
      const read = readStreamBody(body, before?.target ?? null, isReachable);
      const now = clock.now();
      const id = row?.id ?? newId();
      const config = sealSettings(box, { appId, id }, read.settings);
      if (row !== null) await updateStream(transaction, appId, { id, config }, now);
      else {
        const cursor = encodeFeedCursor(body.from === 'oldest' ? FEED_START : await feedEnd(transaction));
        await insertStream(transaction, appId, { id, name, kind: body.kind, config, cursor }, now);
      }
      await wantTopics(transaction, appId, id, topicsOf(createKindFilter(read.settings.filters)));
      await recordUpdate(transaction, now, author, {
        ...changeOf(appId, { id, name }, 'event_stream.updated'),
        ...auditedStream(before, read.settings),
      });
      return read.madeSecret;
    });
    onChange();
    return { ...(await this.view(appId, name)), madeSecret };
  }

  /** Throws ApiError `event-stream-not-found`. */
  async remove(appId: string, name: string, author: Author): Promise<void> {
    await changeStream(
      this.#options,
      { appId, name, author, action: 'event_stream.deleted' },
      async (transaction, { id }) => {
        await removeStream(transaction, appId, id);
        await wantTopics(transaction, appId, id, []);
      },
    );
  }

  /** Throws ApiError `event-stream-not-found`, `event-stream-unsigned`, `request-invalid`. */
  async rotateSecret(
    appId: string,
    name: string,
    { secret: given, grace_hours: graceHours = GRACE_HOURS }: RotateStreamSecretBody,
    author: Author,
  ): Promise<RotateStreamSecretAnswer> {
    const { box } = this.#options;
    const secret = given === undefined ? makeWebhookSecret() : readWebhookSecret(given);
    let expiresAt = 0;
    await changeStream(
      this.#options,
      { appId, name, author, action: 'event_stream.rotated' },
      async (transaction, row, now) => {
        const settings = openSettings(box, { appId, ...row });
        if (settings.target.kind !== 'webhook')
          throw new ApiError('event-stream-unsigned', { params: { name } });
        expiresAt = now + graceHours * HOUR_MS;
        const oldSecret = { secret: settings.target.secret, expiresAt };
        const target = { ...settings.target, secret, oldSecret };
        const config = sealSettings(box, { appId, id: row.id }, { ...settings, target });
        await updateStream(transaction, appId, { id: row.id, config }, now);
      },
    );
    return { secret, old_expires_at: new Date(expiresAt).toISOString() };
  }

  /** Tries out a stream with an event that is made up. Throws ApiError `event-stream-not-found`. */
  async test(appId: string, name: string, kind: string): Promise<TestEventStreamAnswer> {
    const { box, clock, destinationOf } = this.#options;
    const row = await this.find(appId, name);
    const settings = openSettings(box, { appId, ...row });
    return tryDestination(destinationOf({ appId, id: row.id }, settings), kind, clock);
  }

  async #open(appId: string, row: StreamRow): Promise<EventStream> {
    const { box, database } = this.#options;
    const settings = openSettings(box, { appId, ...row });
    const lag = await readLag(database, appId, decodeFeedCursor(row.cursor));
    return { row, settings, lag };
  }
}
