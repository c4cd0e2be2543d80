import { setTimeout as pause } from 'node:timers/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { parse } from 'csv-parse';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import { send, sendForJson } from '../http/send.ts';
import type { SendOptions } from '../http/send.ts';
import { SourceUnreachable } from '../http/source-failure.ts';

const FIRST_POLL_MS = 500;
const LONGEST_POLL_MS = 10_000;
const PAGE_RECORDS = 50_000;
const CHUNK = 1000;

interface Job {
  readonly id: string;
  readonly state: 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';
  readonly numberRecordsProcessed?: number;
  readonly errorMessage?: string;
}

/**
 * All records that a query finds, by a job of Bulk API 2.0, as texts.
 * https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_bulk_api_2_0.htm
 *
 * @throws SourceUnreachable where fewer records came than the job has counted.
 */
export async function* bulkQuery(
  root: string,
  soql: string,
  options: SendOptions,
): AsyncGenerator<readonly Readonly<Record<string, string>>[]> {
  const jobs = `${root}/jobs/query`;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ operation: 'query', query: soql });
  const { id } = await sendForJson<Job>({ method: 'POST', url: jobs, headers, body }, options);
  const { numberRecordsProcessed } = await finished(`${jobs}/${id}`, options);
  let count = 0;
  for (let locator: string | null = null; ;) {
    const from: string = locator === null ? '' : `&locator=${encodeURIComponent(locator)}`;
    const url = `${jobs}/${id}/results?maxRecords=${PAGE_RECORDS}${from}`;
    const answer = await send({ url, headers: { accept: 'text/csv' } }, options);
    for await (const records of recordsOf(answer)) {
      count += records.length;
      yield records;
    }
    locator = answer.headers.get('sforce-locator');
    if (locator === null || locator === 'null') break;
  }
  if (numberRecordsProcessed !== undefined && count !== numberRecordsProcessed) {
    throw new SourceUnreachable(`Salesforce: ${count} records came of ${numberRecordsProcessed}`);
  }
}

async function finished(url: string, options: SendOptions): Promise<Job> {
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(wait * 2, LONGEST_POLL_MS)) {
    const job = await sendForJson<Job>({ url }, options);
    if (job.state === 'JobComplete') return job;
    if (job.state === 'Failed' || job.state === 'Aborted') {
      throw new ConfigInvalid('Salesforce', `refuses the query: ${job.errorMessage ?? job.state}`);
    }
    await pause(wait, undefined, { signal: options.signal });
  }
}

async function* recordsOf(answer: Response): AsyncGenerator<Record<string, string>[]> {
  if (answer.body === null) return;
  const bytes = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>);
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true });
  bytes.once('error', (error) =>
    parser.destroy(new SourceUnreachable('Salesforce: records were cut off on their way', error)),
  );
  bytes.pipe(parser);
  let chunk: Record<string, string>[] = [];
  for await (const record of parser as AsyncIterable<Record<string, string>>) {
    chunk.push(record);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
