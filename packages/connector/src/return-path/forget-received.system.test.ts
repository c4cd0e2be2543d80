import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { overwriteRecord } from '../home/overwrite-record.ts';
import { sealOf } from '../home/seal.ts';
import { SpoolReader, SpoolWriter } from '../home/spool.ts';
import { forgetReceived } from './forget-received.ts';
import { handOn, newsOf, openNewsReader, openNewsWriter, receivedDirectory } from './news.ts';
import { readEvents } from './read-events.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'carillon-forget-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const event = (user: string, number: number) => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  kind: 'message.email.unsubscribed',
  at: '2026-02-03T04:05:06.789Z',
  external_id: user,
  address: `${user}@example.com`,
});
const body = (...events: object[]) => Buffer.from(JSON.stringify({ events }));
const everything = () =>
  readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join();

describe.each([{ keys: [] }, { keys: [randomBytes(32)] }])('what was received', ({ keys }) => {
  it('speaks no more of who was forgotten, and of the others as before', async () => {
    const place = { home, homeKeys: keys };
    const seal = sealOf(keys);
    const writer = await SpoolWriter.open(receivedDirectory(home), seal);
    await writer.append(body(event('zoe', 1)));
    await writer.append(body(event('zoe', 2), event('bea', 3)));
    await writer.append(body(event('cyd', 4)));
    const news = await openNewsWriter(place);
    await handOn(news, { events: readEvents(body(event('zoe', 2), event('bea', 3))), rejects: [] });
    forgetReceived(place, 'zoe');
    // Whoever receives goes on in the same file.
    await writer.append(body(event('dee', 5)));
    await writer.close();
    await news.close();
    expect(everything()).not.toContain('zoe');
    const { records } = SpoolReader.open(receivedDirectory(home), seal).next(10);
    expect(records.flatMap(readEvents).map(({ external_id }) => external_id)).toEqual(['bea', 'cyd', 'dee']);
    const told = openNewsReader(place).next(10).records.map(newsOf);
    expect(told.flatMap(({ events }) => events.map(({ external_id }) => external_id))).toEqual(['bea']);
  });
});

it('a reader passes over records of whom nothing is left', async () => {
  const writer = await SpoolWriter.open(receivedDirectory(home));
  for (let i = 0; i < 5; i += 1) await writer.append(body(event('zoe', i)));
  await writer.append(body(event('bea', 9)));
  await writer.close();
  forgetReceived({ home, homeKeys: [] }, 'zoe');
  const { records } = SpoolReader.open(receivedDirectory(home)).next(2);
  expect(records.flatMap(readEvents).map(({ external_id }) => external_id)).toEqual(['bea']);
});

it('a record that was being overwritten is whole again when its file is opened', async () => {
  const directory = receivedDirectory(home);
  const writer = await SpoolWriter.open(directory);
  await writer.append(Buffer.from('first'));
  await writer.append(Buffer.from('other'));
  await writer.close();
  const [file = ''] = readdirSync(directory).map((name) => join(directory, name));
  const torn = readFileSync(file);
  torn.fill(0, 3, 10);
  overwriteRecord(file, 0, Buffer.from('later'));
  const note = JSON.stringify({ at: 0, record: Buffer.from('later').toString('base64') });
  writeFileSync(`${file}.patch`, note);
  writeFileSync(file, torn);
  expect(SpoolReader.open(directory).next(10).records.map(String)).toEqual(['later', 'other']);
});
