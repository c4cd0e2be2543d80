import { afterEach, describe, expect, it } from 'vitest';
import { Opened } from '../../fixtures/opened.ts';
import { Visibility } from './visibility.ts';

const opened = new Opened();
afterEach(() => opened.close());

describe('what the change stream tells', () => {
  it('is not read again before queries see it', async () => {
    const shop = await opened.shop(1);
    const writer = await shop.pool.connect();
    await writer.query("BEGIN; UPDATE customers SET name = 'Late'");
    const { rows } = await writer.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
    const visibility = new Visibility(shop.pool);
    let name = '';
    const seen = visibility.of([Number(rows[0]?.id)], new AbortController().signal).then(async () => {
      const found = await shop.pool.query<{ name: string }>('SELECT name FROM customers');
      name = found.rows[0]?.name ?? '';
    });
    // Questions that come after its first one have been answered.
    for (let i = 0; i < 20; i += 1) await shop.pool.query('SELECT 1');
    expect(name).toBe('');
    await writer.query('COMMIT');
    writer.release();
    await seen;
    expect(name).toBe('Late');
  });

  it('is not waited for when the run ends', async () => {
    const shop = await opened.shop(1);
    const writer = await shop.pool.connect();
    await writer.query("BEGIN; UPDATE customers SET name = 'Never'");
    const { rows } = await writer.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
    const controller = new AbortController();
    const seen = new Visibility(shop.pool).of([Number(rows[0]?.id)], controller.signal);
    controller.abort();
    await expect(seen).resolves.toBeUndefined();
    await writer.query('ROLLBACK');
    writer.release();
  });
});
