import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from './ask.ts';
import { MoveStopped } from './fault.ts';
import type { Move } from './move.ts';

/** What the import takes over and an export has only when it is asked for. */
const EXTRA_FIELDS = [
  'external_user_id',
  'onesignal_id',
  'location',
  'country',
  'rooted',
  'web_auth',
  'web_p256',
  'notification_types',
  'timezone_id',
] as const;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** At 2,000 rows a second: 28 million. */
const LONGEST_WAIT_MS = 4 * 3_600_000;

/** Asks OneSignal for the file of all subscriptions; returns where it will be. */
export async function askForExport({ from }: Move): Promise<string> {
  const { csv_file_url: url } = await ask(
    'OneSignal',
    from.exports.subscriptionsCsv({ extra_fields: [...EXTRA_FIELDS] }),
  );
  return url;
}

/** Opens the file when it is ready: until then it is answered with 403 or 404. Throws MoveStopped. */
export async function openExport(url: string, { say }: Move): Promise<Readable> {
  const end = performance.now() + LONGEST_WAIT_MS;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 2)) {
    const answer = await fetch(url).catch(() => {
      throw new MoveStopped('OneSignal', 'the export cannot be fetched: no answer', 'unreachable');
    });
    if (answer.status === 200 && answer.body !== null)
      return Readable.from(answer.body, { objectMode: false });
    await answer.body?.cancel();
    if (answer.status !== 403 && answer.status !== 404) {
      throw new MoveStopped('OneSignal', `the export answers with ${answer.status}`, 'unreachable');
    }
    if (performance.now() + wait > end) {
      throw new MoveStopped('OneSignal', 'the export is not ready yet: run again later', 'unreachable');
    }
    say({ step: 'people', state: 'exporting' }, 'people: OneSignal is making the export');
    await pause(wait);
  }
}

/** The file by way of the disk, where it stays. */
export async function keptAt(path: string, file: Readable): Promise<Readable> {
  await pipeline(file, createWriteStream(path, { mode: 0o600 }));
  return createReadStream(path);
}
