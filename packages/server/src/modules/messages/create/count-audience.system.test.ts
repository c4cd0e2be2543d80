import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { newId } from '../../../platform/ids.ts';
import { AudienceCounter } from '../../audience/index.ts';
import { audienceSources } from '../audience-sources.ts';
import { Identity } from '../../identity/index.ts';
import { countAudience } from './count-audience.ts';
import type { CountOptions } from './count-audience.ts';

const HOUR = 3_600_000;
const appId = newId();
const clock = new FakeClock();
let db: TestDatabase;
let options: CountOptions;

beforeAll(async () => {
  db = await createTestDatabase();
  const identity = new Identity({ database: db.database, clock });
  options = {
    identity,
    counter: new AudienceCounter(db.database, clock, audienceSources()),
    savedSegments: async () => new Map(),
  };
  const subscribe = (name: string, level: number, enabled = true) =>
    identity.upsertUser(appId, {
      identity: { external_id: name },
      properties: { tags: { level } },
      subscriptions: [
        { type: 'Email', token: `${name}@example.com`, enabled },
        { type: 'SMS', token: `+1555010000${level}` },
        ...(level === 1 ? [{ type: 'AndroidPush', token: 'token-of-anna' }] : []),
      ],
    });
  await subscribe('anna', 1);
  await clock.advance(200 * HOUR);
  await subscribe('ben', 2);
  await subscribe('carla', 3);
  await subscribe('dan', 4, false);
});
afterAll(() => db.drop());

const count = async (body: object) => {
  const asked = { app_id: appId, target_channel: 'email', ...body } as const;
  return (await countAudience(options, appId, asked)).count;
};
const levelAbove = (value: number) => ({ field: 'tag', key: 'level', relation: '>', value });

describe('a count of a message that is not sent', () => {
  it('has the documented shape, and counts subscriptions of email that can be reached', async () => {
    const all = { app_id: appId, included_segments: ['All'] };
    expect(await countAudience(options, appId, { ...all, target_channel: 'email' })).toEqual({
      count: 3,
      uncapped_count: null,
      cap_applied: false,
      mobile_suppressed: false,
      mobile_excluded_count: 0,
    });
  });

  it('is of push where no channel is named, and of any that is', async () => {
    expect((await countAudience(options, appId, { app_id: appId, included_segments: ['All'] })).count).toBe(
      1,
    );
    expect(await count({ included_segments: ['All'], target_channel: 'sms' })).toBe(4);
  });

  it('leaves out whoever is in an excluded segment, and finds nobody under a name of no segment', async () => {
    expect(await count({ included_segments: ['Active Users'] })).toBe(2);
    expect(await count({ included_segments: ['All'], excluded_segments: ['Active Users'] })).toBe(1);
    expect(await count({ included_segments: ['All'], excluded_segments: ['Typo'] })).toBe(0);
    expect(await count({ included_segments: ['all'] })).toBe(0);
  });

  it('narrows by everything that is given together', async () => {
    expect(await count({ filters: [levelAbove(1)] })).toBe(2);
    expect(await count({ included_segments: ['Inactive Users'], filters: [levelAbove(1)] })).toBe(0);
    const aliases = { include_aliases: { external_id: ['anna', 'ben', 'dan', 'nobody'] } };
    expect(await count({ ...aliases, target_channel: 'email' })).toBe(2);
    expect(await count({ ...aliases, included_segments: ['All'], filters: [levelAbove(1)] })).toBe(1);
    const either = [levelAbove(2), { operator: 'OR' }, { ...levelAbove(0), relation: '=', value: '1' }];
    expect(await count({ filters: either })).toBe(2);
    expect(await count({ filters: either, included_segments: ['Inactive Users'] })).toBe(1);
  });

  it.each<[string, object]>([
    ['You must include which players, segments, or tags', {}],
    ['filters[0].key is required for tag', { filters: [{ field: 'tag', relation: 'exists' }] }],
  ])('is refused: %s', async (sentence, body) => {
    await expect(count(body)).rejects.toThrow(sentence);
  });
});
