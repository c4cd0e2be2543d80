import type {
  EventStreamBody,
  ReplayEventStreamBody,
  RotateStreamSecretAnswer,
  RotateStreamSecretBody,
  TestEventStreamAnswer,
} from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { SecretBox } from '../../../platform/crypto/index.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { Breaker } from '../../../platform/breaker.ts';
import { newId } from '../../../platform/ids.ts';
import { recordChange, recordUpdate } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import { makeWebhookSecret, readWebhookSecret } from '../../channels/index.ts';
import {
  decodeFeedCursor,
  encodeFeedCursor,
  FEED_START,
  feedEnd,
  readLag,
  skipDropped,
  topicsOf,
  wantTopics,
} from '../../feed/index.ts';
import type { FeedLag } from '../../feed/index.ts';
import type { Destination } from '../destination.ts';
import { createKindFilter } from '../event-filter.ts';
import { auditedStream } from './audited-stream.ts';
import { checkRendering } from './check-rendering.ts';
import type { RenderSample } from './check-rendering.ts';
import { readStreamBody } from './read-stream-body.ts';
import { replayStart } from './replay-start.ts';
import { sampleEvent } from './sample-event.ts';
import { openSettings, sealSettings } from './sealed-settings.ts';
import type { StreamSettings } from './stream-settings.ts';
import {
  findStream,
  insertStream,
  lockStreams,
  pauseStream,
  removeStream,
  replayMessage,
  resumeStream,
  rewindStream,
  streamsOf,
  updateStream,
} from './stream-store.ts';
import type { StreamRow } from './stream-store.ts';

export interface EventStreamsOptions {
  readonly database: Database;
  readonly clock: Clock;
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
  /** Called after a stream was set, resumed or moved. */
  readonly onChange: () => void;
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
  async find(appId: string, name: string, database: Queryable = this.#options.database): Promise<StreamRow> {
    const row = await findStream(database, appId, name);
    if (row === null) throw new ApiError('event-stream-not-found', { params: { name } });
    return row;
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
    await this.#change(appId, name, author, 'event_stream.deleted', async (transaction, { id }) => {
      await removeStream(transaction, appId, id);
      await wantTopics(transaction, appId, id, []);
    });
  }

  /** It stays where it is until it is resumed. Throws ApiError `event-stream-not-found`. */
  async pause(appId: string, name: string, author: Author): Promise<EventStream> {
    await this.#change(appId, name, author, 'event_stream.paused', async (transaction, { id }, now) =>
      pauseStream(transaction, appId, id, now),
    );
    return this.view(appId, name);
  }

  /**
   * Goes on where it stopped, at once. Throws ApiError `event-stream-not-found`, and `event-stream-behind` when events
   * would be left out without `skipMissing`.
   */
  async resume(appId: string, name: string, skipMissing: boolean, author: Author): Promise<EventStream> {
    await this.#change(appId, name, author, 'event_stream.resumed', async (transaction, row, now) => {
      const skipped = await skipDropped(transaction, appId, decodeFeedCursor(row.cursor));
      if (skipped !== null && !skipMissing) throw new ApiError('event-stream-behind', { params: { name } });
      const cursor = skipped === null ? row.cursor : encodeFeedCursor(skipped);
      await resumeStream(transaction, appId, { id: row.id, cursor }, now);
    });
    return this.view(appId, name);
  }

  /** Sends again. Throws ApiError `event-stream-not-found`, and as `replayStart`. */
  async replay(
    appId: string,
    name: string,
    asked: ReplayEventStreamBody,
    author: Author,
  ): Promise<EventStream> {
    const start = await replayStart(this.#options.database, appId, asked);
    await this.#change(appId, name, author, 'event_stream.replayed', async (transaction, row, now) => {
      if (row.replayMessage !== null) throw new ApiError('event-stream-replaying', { params: { name } });
      switch (start.kind) {
        case 'all':
          return rewindStream(transaction, appId, { id: row.id, cursor: start.from }, now);
        case 'message':
          return replayMessage(transaction, appId, row.id, start);
      }
    });
    return this.view(appId, name);
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
    await this.#change(appId, name, author, 'event_stream.rotated', async (transaction, row, now) => {
      const settings = openSettings(box, { appId, ...row });
      if (settings.target.kind !== 'webhook')
        throw new ApiError('event-stream-unsigned', { params: { name } });
      expiresAt = now + graceHours * HOUR_MS;
      const oldSecret = { secret: settings.target.secret, expiresAt };
      const target = { ...settings.target, secret, oldSecret };
      const config = sealSettings(box, { appId, id: row.id }, { ...settings, target });
      await updateStream(transaction, appId, { id: row.id, config }, now);
    });
    return { secret, old_expires_at: new Date(expiresAt).toISOString() };
  }

  /** Sends an event that is made up, once, and writes it down nowhere. Throws ApiError `event-stream-not-found`. */
  async test(appId: string, name: string, kind: string): Promise<TestEventStreamAnswer> {
    const { box, clock, destinationOf } = this.#options;
    const row = await this.find(appId, name);
    const now = clock.now();
    const destination = destinationOf({ appId, id: row.id }, openSettings(box, { appId, ...row }));
    const breaker = new Breaker(0, () => true);
    try {
      const start = { cursor: `test ${now}`, at: now };
      const { outcomes, attempts } = await destination.deliver([sampleEvent(kind, now)], breaker, start);
      const [attempt] = attempts;
      const [outcome] = outcomes;
      return {
        outcome: outcome?.state === 'taken' ? 'taken' : 'failed',
        status: attempt?.status ?? null,
        reason: outcome?.state === 'failed' || outcome?.state === 'gone' ? outcome.reason : null,
        milliseconds: attempt?.milliseconds ?? 0,
        request: attempt?.request ?? null,
        answer: attempt?.answer ?? null,
      };
    } finally {
      await destination.close();
    }
  }

  async #change(
    appId: string,
    name: string,
    author: Author,
    action: StreamAction,
    work: (transaction: Queryable, row: StreamRow, now: number) => Promise<void>,
  ): Promise<void> {
    const { database, clock, onChange } = this.#options;
    await database.transaction(async (transaction) => {
      await lockStreams(transaction, appId);
      const row = await this.find(appId, name, transaction);
      const now = clock.now();
      await work(transaction, row, now);
      await recordChange(transaction, now, author, changeOf(appId, row, action));
    });
    onChange();
  }

  async #open(appId: string, row: StreamRow): Promise<EventStream> {
    const { box, database } = this.#options;
    const settings = openSettings(box, { appId, ...row });
    const lag = await readLag(database, appId, decodeFeedCursor(row.cursor));
    return { row, settings, lag };
  }
}

type StreamAction =
  | 'event_stream.updated'
  | 'event_stream.deleted'
  | 'event_stream.paused'
  | 'event_stream.resumed'
  | 'event_stream.replayed'
  | 'event_stream.rotated';

function changeOf<Action extends StreamAction>(
  appId: string,
  { id, name }: { readonly id: string; readonly name: string },
  action: Action,
) {
  return { action, appId, target: { type: 'event_stream', id, name } } as const;
}
