import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { KeyedHash, newMasterKey, parseMasterKeys } from '../../platform/crypto/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { BY_SYSTEM, Identity, identityData } from '../identity/index.ts';
import type { Erased, Person, PersonalData } from '../identity/index.ts';
import { Eraser, Privacy, openErasingDatabase } from './index.ts';

const QUARTER = 15 * 60_000;
const app = newId();
const erasedAliases = new KeyedHash(parseMasterKeys(newMasterKey()), 'test');
let test: TestDatabase;
let erasing: Database;
let clock: FakeClock;
let identity: Identity;
const DO_NOTHING = (): void => undefined;
const keyNames = async () => new Map<string, string>();
let privacy: Privacy;

beforeAll(async () => {
  test = await createTestDatabase();
  erasing = openErasingDatabase({ url: test.url });
});
afterAll(async () => {
  await erasing.end();
  await test.drop();
});
beforeEach(async () => {
  clock = new FakeClock('2026-11-01T12:00:00Z');
  const { database } = test;
  await database.run({ name: '', text: 'delete from erasures' });
  const hashAlias = (...alias: [string, string, string]) => erasedAliases.of(...alias);
  identity = new Identity({ database, clock, hashAlias });
  privacy = new Privacy({ database, clock, identity, parts: [], keyNames, erasedAliases });
});

async function addAndDelete(name: string): Promise<string> {
  await identity.upsertUser(app, {
    identity: { external_id: name },
    subscriptions: [{ type: 'Email', token: `${name}@example.com` }],
  });
  const address = { by: 'alias', label: 'external_id', value: name } as const;
  return (await identity.users.delete(app, address)).erasureId;
}

const nameOf = ({ aliases }: Person) => aliases.find(({ label }) => label === 'external_id')?.value ?? '';
const NOTHING: Erased = { rows: 0, isUnfinished: false };

/** A part that does what it is told with those it is called for, and remembers them. */
function partOf(
  name: string,
  erase: (people: readonly Person[]) => readonly Erased[] = (people) => people.map(() => NOTHING),
): PersonalData & { readonly calls: string[][] } {
  const calls: string[][] = [];
  return {
    name,
    calls,
    exportOf: null,
    async erase(people) {
      calls.push(people.map(nameOf).toSorted());
      return erase(people);
    },
  };
}

const eraserOf = (...parts: PersonalData[]) =>
  new Eraser({ database: erasing, clock, log: createLog({ level: 'silent' }), parts });

describe('an erasure', () => {
  it('goes through every part, settles, and is done when a second look finds nothing', async () => {
    const found = [2, 0];
    const part = partOf('things', (people) => people.map(() => ({ ...NOTHING, rows: found.shift() ?? 0 })));
    const eraser = eraserOf(part);
    const id = await addAndDelete('ann');
    expect(await eraser.work()).toBe(1);
    expect(await privacy.erasure(app, id)).toMatchObject({ state: 'settling', erased: { things: 2 } });
    expect(await eraser.work()).toBe(0);
    await clock.advance(QUARTER);
    expect(await eraser.work()).toBe(1);
    const done = await privacy.erasure(app, id);
    expect(done).toMatchObject({ state: 'done', done_at: new Date(clock.now()).toISOString() });
    const rows = await test.database.rows({ name: '', text: 'select person from erasures' });
    expect(rows).toEqual([{ person: null }]);
    expect(part.calls).toEqual([['ann'], ['ann']]);
  });

  it('of a user who goes with the last subscription is done as any other', async () => {
    const { user } = await identity.upsertUser(app, {
      subscriptions: [{ type: 'Email', token: 'nobody@example.com' }],
    });
    await identity.subscriptions.delete(app, user.subscriptions[0]?.id ?? '', BY_SYSTEM);
    const eraser = eraserOf(...identityData(erasing));
    const kinds = ['subscription', 'user'];
    for (const state of ['waiting', 'settling', 'done']) {
      const { erasures } = await privacy.erasures(app, {});
      expect(erasures.map((one) => [one.kind, one.state])).toEqual(
        expect.arrayContaining(kinds.map((kind) => [kind, state])),
      );
      expect(await eraser.work()).toBe(state === 'done' ? 0 : 2);
      await clock.advance(QUARTER);
    }
  });

  it('is gone through again for as long as something is found, or in use', async () => {
    const results = [NOTHING, { rows: 1, isUnfinished: false }, { rows: 0, isUnfinished: true }, NOTHING];
    const part = partOf('things', (people) => people.map(() => results.shift() ?? NOTHING));
    const eraser = eraserOf(part);
    const id = await addAndDelete('ben');
    for (const state of ['settling', 'settling', 'settling', 'done']) {
      await eraser.work();
      expect((await privacy.erasure(app, id)).state).toBe(state);
      await clock.advance(QUARTER);
    }
  });

  it('of many people goes through the parts once for all of them, thorough ones in the second pass', async () => {
    const part = partOf('things');
    const thorough = { ...partOf('thorough'), isThorough: true } as const;
    const eraser = eraserOf(part, thorough);
    for (const name of ['a', 'b', 'c']) await addAndDelete(name);
    await eraser.work();
    expect(thorough.calls).toEqual([]);
    await clock.advance(QUARTER);
    await eraser.work();
    expect(part.calls).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect(thorough.calls).toEqual([['a', 'b', 'c']]);
  });

  it('that fails is tried again later, and holds up nobody', async () => {
    let broken = true;
    const part = partOf('things', (people) => {
      if (broken && people.some((person) => nameOf(person) === 'bad')) throw new Error('broken');
      return people.map(() => NOTHING);
    });
    const eraser = eraserOf(part);
    const bad = await addAndDelete('bad');
    const good = await addAndDelete('good');
    await eraser.work();
    expect((await privacy.erasure(app, good)).state).toBe('settling');
    expect((await privacy.erasure(app, bad)).state).toBe('waiting');
    broken = false;
    await clock.advance(QUARTER);
    await eraser.work();
    expect((await privacy.erasure(app, good)).state).toBe('done');
    expect((await privacy.erasure(app, bad)).state).toBe('settling');
  });

  it('whose process died goes on with another one once its lease is over, and is not worked twice before', async () => {
    let arrive = DO_NOTHING;
    let release = DO_NOTHING;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const slow: PersonalData = {
      name: 'things',
      exportOf: null,
      async erase(people) {
        arrive();
        await released;
        return people.map(() => ({ rows: 1, isUnfinished: false }));
      },
    };
    const id = await addAndDelete('carl');
    const dying = eraserOf(slow).work();
    await arrived;
    const other = partOf('things', (people) => people.map(() => ({ rows: 3, isUnfinished: false })));
    expect(await eraserOf(other).work()).toBe(0);
    // As if it had not renewed its lease for a minute.
    await test.database.run({ name: '', text: `update erasures set lease_until = '-infinity'` });
    expect(await eraserOf(other).work()).toBe(1);
    release();
    await dying;
    // What came back from the dead counts for nothing.
    expect(await privacy.erasure(app, id)).toMatchObject({ state: 'settling', erased: { things: 3 } });
  });

  it('ends between two parts when the process is stopped, and is made again by the next one', async () => {
    const stopping = new AbortController();
    const first = partOf('first', (people) => {
      stopping.abort();
      return people.map(() => NOTHING);
    });
    const second = partOf('second');
    const id = await addAndDelete('dora');
    await eraserOf(first, second).work(stopping.signal);
    expect(second.calls).toEqual([]);
    expect((await privacy.erasure(app, id)).state).toBe('waiting');
    await eraserOf(partOf('first'), second).work();
    expect(second.calls).toEqual([['dora']]);
  });

  it('is asked for when a subscription is deleted, and when nothing is left of an anonymous user', async () => {
    const { user } = await identity.upsertUser(app, {
      subscriptions: [{ type: 'Email', token: 'nameless@example.com' }],
    });
    await identity.subscriptions.delete(app, user.subscriptions[0]?.id ?? '', {
      way: 'device',
      keyId: null,
    });
    const { erasures } = await privacy.erasures(app, {});
    expect(
      erasures.map(({ kind, source }) => [kind, source]).toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
    ).toEqual([
      ['subscription', 'device'],
      ['user', 'system'],
    ]);
  });

  it('is found by the alias that it was asked for by, page by page, in its own app only', async () => {
    const ids = [await addAndDelete('eve'), await addAndDelete('frank'), await addAndDelete('eve')];
    const ofEve = await privacy.erasures(app, { alias: 'external_id:eve' });
    expect(ofEve.erasures.map(({ id }) => id).toSorted()).toEqual([ids[0], ids[2]].toSorted());
    const first = await privacy.erasures(app, { limit: 2 });
    const second = await privacy.erasures(app, { limit: 2, cursor: first.next_cursor ?? '' });
    expect([first.has_more, second.has_more]).toEqual([true, false]);
    expect([...first.erasures, ...second.erasures].map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect((await privacy.erasures(newId(), {})).erasures).toEqual([]);
    await expect(privacy.erasure(newId(), ids[0] ?? '')).rejects.toMatchObject({ code: 'erasure-not-found' });
    await expect(privacy.erasures(app, { alias: 'eve' })).rejects.toThrow('alias must be a label');
  });
});
