import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { pino } from 'pino';
import { connectHints } from '../../platform/database/hints.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { createApiKey, createApp, deleteApiKey, openKeyUse } from './index.ts';
import { startServing, startStage } from './fixtures/stage.ts';
import type { ServingProcess, Stage } from './fixtures/stage.ts';

const log = pino({ level: 'silent' });
const clock = new FakeClock('2026-11-01T12:00:00Z');
let db: TestDatabase;
let hints: readonly [Hints, Hints];
let stage: Stage;
/** Another process on the same database. Neither's clock moves while they talk. */
let other: ServingProcess;

beforeAll(async () => {
  db = await createTestDatabase();
  const { database } = db;
  hints = [await connectHints(database, log), await connectHints(database, log)];
  stage = await startStage({ database, clock, hints: hints[0] });
  other = await startServing({ database, clock, hints: hints[1] });
});

afterAll(async () => {
  await stage.server.close();
  await other.server.close();
  await Promise.all(hints.map((one) => one.end()));
  await db.drop();
});

async function newAppKey() {
  const { first, sibling } = stage;
  const path = `/apps/${sibling.appId}/auth/tokens`;
  const { body } = await stage.call('POST', path, first.organizationKey, { name: 'k' });
  return { key: body.formatted_token as string, id: body.token_id as string, path };
}

function whoami(process: ServingProcess, key: string, address?: string) {
  return process.call('GET', `/apps/${stage.sibling.appId}/whoami`, key, undefined, address);
}

interface ListedKey {
  readonly token_id: string;
  readonly last_used_at: string | null;
  readonly last_used_ip: string | null;
}

/** As a process lists it. */
async function lastUse(process: ServingProcess, path: string, id: string) {
  const { body } = await process.call('GET', path, stage.first.organizationKey);
  const key = (body.tokens as ListedKey[]).find(({ token_id }) => token_id === id);
  return [key?.last_used_at, key?.last_used_ip];
}

describe('another process', () => {
  test.each([
    ['deleted', 'DELETE', '', undefined],
    ['rotated', 'POST', '/rotate', undefined],
    ['tied to other addresses', 'PATCH', '', { ip_allowlist_mode: 'explicit', ip_allowlist: ['192.0.2.1'] }],
  ] as const)(
    'forgets a key that was %s here, long before its memory ends',
    async (_, method, more, body) => {
      const { key, id, path } = await newAppKey();
      expect((await whoami(other, key)).status).toBe(200);
      await stage.call(method, `${path}/${id}${more}`, stage.first.organizationKey, body);
      await until('the hint has come', async () => (await whoami(other, key)).status === 401);
    },
  );

  test('forgets a deleted app', async () => {
    const { organizationId, organizationKey } = stage.first;
    const { id } = await createApp(db.database, clock, { organizationId, name: 'Short lived' });
    expect((await other.call('GET', `/apps/${id}/anyone`)).status).toBe(200);
    const answer = await stage.call('DELETE', `/apps/${id}?confirm=Short%20lived`, organizationKey);
    expect(answer.status).toBe(202);
    await until(
      'the hint has come',
      async () => (await other.call('GET', `/apps/${id}/anyone`)).status === 404,
    );
  });

  test('forgets within ten seconds when the hint is lost', async () => {
    const { key, id } = await newAppKey();
    const owner = { organizationId: stage.first.organizationId, appId: stage.sibling.appId };
    expect((await whoami(other, key)).status).toBe(200);
    // The commit of a process that died before it could give a hint.
    await deleteApiKey(db.database, clock, owner, id);
    await clock.advance(10_000);
    expect((await whoami(other, key)).status).toBe(401);
  });
});

describe('the last use of a key', () => {
  test('is nothing before the first one', async () => {
    const { path, id } = await newAppKey();
    expect(await lastUse(stage, path, id)).toEqual([null, null]);
  });

  test('is seen here at once, and by other processes once it is written', async () => {
    const { path, id, key } = await newAppKey();
    await whoami(stage, key, '192.0.2.9');
    const at = new Date(clock.now()).toISOString();
    expect(await lastUse(stage, path, id)).toEqual([at, '192.0.2.9']);
    expect(await lastUse(other, path, id)).toEqual([null, null]);
    await stage.keyUse.flush();
    expect(await lastUse(other, path, id)).toEqual([at, '192.0.2.9']);
  });

  test('is not a key that was refused', async () => {
    const { path, id, key } = await newAppKey();
    expect((await stage.call('GET', `/apps/${stage.first.appId}/whoami`, key)).status).toBe(401);
    expect(await lastUse(stage, path, id)).toEqual([null, null]);
  });

  test('is the later one, whoever writes first, and keys that are gone are passed over', async () => {
    const { path, id, key } = await newAppKey();
    const gone = await newAppKey();
    await whoami(other, key, '192.0.2.1');
    await whoami(other, gone.key);
    await clock.advance(500);
    await whoami(stage, key, '192.0.2.2');
    const at = new Date(clock.now()).toISOString();
    await stage.call('DELETE', `${gone.path}/${gone.id}`, stage.first.organizationKey);
    await stage.keyUse.flush();
    await other.keyUse.flush();
    expect(await lastUse(stage, path, id)).toEqual([at, '192.0.2.2']);
  });

  test('of the same keys is written by several processes at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => newAppKey()));
    const uses = Array.from({ length: 6 }, () => openKeyUse(db.database, clock, log));
    for (const [at, use] of uses.entries()) {
      for (const { id } of at % 2 === 0 ? keys : keys.toReversed()) use.note(id, '192.0.2.3');
    }
    await Promise.all(uses.map((use) => use.flush()));
    expect(uses.every((use) => keys.every(({ id }) => use.unwritten(id) === null))).toBe(true);
  });
});

test('an organization key that was made by API opens what the first one opens', async () => {
  const { organizationId } = stage.first;
  const { formatted_token: key } = await createApiKey(
    db.database,
    clock,
    { organizationId, appId: null },
    { name: 'made' },
  );
  expect((await whoami(other, key)).body.kind).toBe('organization-key');
});
