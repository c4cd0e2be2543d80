import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { ApiError } from '../../../platform/http/api-error.ts';
import { LiveWorld, SEGMENTS, act, few } from './fixtures/live-world.ts';
import type { Seen } from './fixtures/live-world.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

async function unlessRefused(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
  });
}

/** What of it is not as it must be. */
function faultsOf(seen: readonly Seen[]): readonly Seen[] {
  return seen.filter(
    ({ isWatched, isReady, kept, meant, told }) =>
      isWatched !== isReady || kept.join() !== meant.join() || told.join() !== kept.join(),
  );
}

describe('who is in live segments', () => {
  it('is at every moment whom SQL finds, whatever happens, and what is told adds up to it', async () => {
    let found = 0;
    const programs = fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), {
      minLength: 4,
      maxLength: 10,
    });
    const segments = fc.array(few, { minLength: SEGMENTS, maxLength: SEGMENTS });
    await fc.assert(
      fc.asyncProperty(segments, programs, async (expressions, rounds) => {
        const world = new LiveWorld(db);
        try {
          await world.begin(expressions);
          for (const acts of [[], ...rounds]) {
            for (const one of acts) await unlessRefused(world.do(one));
            const seen = await world.look();
            expect(faultsOf(seen)).toEqual([]);
            found += seen.reduce((sum, { kept }) => sum + kept.length, 0);
          }
        } finally {
          await world.app.close();
        }
      }),
      { numRuns: Number(process.env['CARILLON_LIVE_TIMES'] ?? 1) * 12, endOnFailure: true },
    );
    expect(found).toBeGreaterThan(100);
  });
});
