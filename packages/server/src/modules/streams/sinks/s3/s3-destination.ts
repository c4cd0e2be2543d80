import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '../../../../platform/clock.ts';
import type { Queryable } from '../../../../platform/database/database.ts';
import { OutboundFault, signAwsRequest } from '../../../../platform/outbound/index.ts';
import type { Outbound } from '../../../../platform/outbound/index.ts';
import type { Delivery, Destination, RoundStart, StreamEvent } from '../../destination.ts';
import type { S3StreamSettings } from '../../event-streams/targets/s3-target.ts';
import type { Breaker } from '../../../../platform/breaker.ts';
import { warehouseRows } from '../warehouse-row.ts';
import type { WarehouseRow } from '../warehouse-row.ts';
import { deliverWhole } from '../whole-delivery.ts';
import type { WholeOutcome } from '../whole-delivery.ts';
import { fileKey } from './file-key.ts';
import { parquetFile } from './parquet-file.ts';

export interface S3DestinationOptions {
  readonly database: Queryable;
  readonly clock: Clock;
  readonly outbound: Outbound;
}

const TIMEOUT_MS = 60_000;
const LARGEST_ANSWER = 65_536;
const ENDINGS = { jsonl: 'jsonl.gz', parquet: 'parquet' } as const;
const TYPES = { jsonl: 'application/gzip', parquet: 'application/vnd.apache.parquet' } as const;
const pack = promisify(gzip);

/**
 * Files in a bucket. A file is named by where its round begins, so one that is written again after a crash
 * replaces itself, perhaps with more in it: every event is in one file.
 */
export class S3Destination implements Destination {
  readonly most = 10_000;
  readonly isWhole = true;
  readonly patienceMs: number;
  readonly #options: S3DestinationOptions;
  readonly #place: { readonly appId: string; readonly streamId: string };
  readonly #settings: S3StreamSettings;

  constructor(
    options: S3DestinationOptions,
    place: { readonly appId: string; readonly streamId: string },
    settings: S3StreamSettings,
  ) {
    this.#options = options;
    this.#place = place;
    this.#settings = settings;
    this.patienceMs = settings.everySeconds * 1_000;
  }

  async deliver(events: readonly StreamEvent[], breaker: Breaker, from: RoundStart): Promise<Delivery> {
    const { database, clock } = this.#options;
    const { appId, streamId } = this.#place;
    const rows = await warehouseRows(database, appId, events);
    const { prefix, format = 'jsonl' } = this.#settings;
    const key = fileKey(prefix, ENDINGS[format], streamId, from);
    return deliverWhole(events, breaker, clock.now(), async () =>
      this.#put(key, format === 'parquet' ? parquetFile(rows) : await linesFile(rows)),
    );
  }

  async close(): Promise<void> {}

  async #put(key: string, body: Buffer): Promise<WholeOutcome> {
    const { outbound, clock } = this.#options;
    const { endpoint, region, bucket, accessKeyId, secretAccessKey, format = 'jsonl' } = this.#settings;
    const url = `${endpoint}/${bucket}/${key}`;
    const headers = {
      'content-type': TYPES[format],
      'content-length': String(body.length),
      'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
    };
    const signed = signAwsRequest(
      { service: 's3', region, method: 'PUT', url, headers, body },
      { accessKeyId, secretAccessKey, sessionToken: null },
      clock.now(),
    );
    try {
      const asked = { method: 'PUT', url, headers: signed, body } as const;
      const answer = await outbound.request({ ...asked, timeoutMs: TIMEOUT_MS, mostBytes: LARGEST_ANSWER });
      if (answer.status >= 200 && answer.status < 300) return { state: 'taken', answer: `${bucket}/${key}` };
      const code = /<Code>([^<]{1,100})<\/Code>/.exec(answer.body.toString('utf8'))?.[1];
      return { state: 'failed', reason: `answered ${answer.status}${code === undefined ? '' : `: ${code}`}` };
    } catch (error) {
      if (!(error instanceof OutboundFault)) throw error;
      return { state: 'failed', reason: error.message };
    }
  }
}

function linesFile(rows: readonly WarehouseRow[]): Promise<Buffer> {
  return pack(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
