import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { unpacked } from './unpacked.ts';

const LIMITS = { bytes: 1024, stallMs: 60_000 };
const PARTS = 200;

async function* inParts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function whole(source: AsyncIterable<Buffer>, limits = LIMITS): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of unpacked(source, limits)) parts.push(part);
  return Buffer.concat(parts).toString();
}

const TEXT = 'external_id,email\n1,anna@example.com\n';

it('takes a file as it is, and gzip of it', async () => {
  expect(await whole(inParts(Buffer.from(TEXT), 5))).toBe(TEXT);
  expect(await whole(inParts(gzipSync(TEXT), 5))).toBe(TEXT);
  expect(await whole(inParts(Buffer.alloc(0), 5))).toBe('');
});

it('counts what it unpacks to', async () => {
  const packed = gzipSync('a'.repeat(LIMITS.bytes + 1));
  await expect(whole(inParts(packed, 64))).rejects.toMatchObject({ code: 'import-too-large' });
  expect(await whole(inParts(gzipSync('a'.repeat(LIMITS.bytes)), 64))).toHaveLength(LIMITS.bytes);
});

it('says what is no gzip, and what ends in the middle', async () => {
  const packed = gzipSync(TEXT);
  const broken = { code: 'import-gzip' };
  await expect(whole(inParts(packed.subarray(0, 20), 5))).rejects.toMatchObject(broken);
  await expect(
    whole(inParts(Buffer.concat([packed.subarray(0, 2), Buffer.alloc(40, 7)]), 5)),
  ).rejects.toMatchObject(broken);
});

async function* slow() {
  for (let n = 0; n < 5; n += 1) {
    await pause(20);
    yield Buffer.from('a');
  }
  await pause(60_000, undefined, { ref: false });
}

it('waits for what comes slowly, and not for what comes no more', async () => {
  const got: Buffer[] = [];
  const reading = (async () => {
    for await (const part of unpacked(slow(), { ...LIMITS, stallMs: 1_000 })) got.push(part);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'import-stalled' });
  expect(Buffer.concat(got).toString()).toBe('aaaaa');
});

it('does not count the time that its reader takes', async () => {
  const got: Buffer[] = [];
  for await (const part of unpacked(inParts(Buffer.from('abc'), 1), { ...LIMITS, stallMs: 20 })) {
    await pause(40);
    got.push(part);
  }
  expect(Buffer.concat(got).toString()).toBe('abc');
});

it('keeps no part of a file that is still coming', async () => {
  const made: WeakRef<Buffer>[] = [];
  async function* coming() {
    for (let n = 0; n < PARTS; n += 1) {
      const part = Buffer.alloc(8, 'a');
      made.push(new WeakRef(part));
      yield part;
    }
  }
  const reading = unpacked(coming(), { ...LIMITS, bytes: PARTS * 8 });
  for (let n = 0; n < PARTS; n += 1) await reading.next();
  // What a turn dereferenced or made lives until its end.
  await pause(1);
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
  expect(made.filter((part) => part.deref() !== undefined).length).toBeLessThan(10);
  await reading.return();
});
