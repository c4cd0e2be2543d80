import { afterEach, describe, expect, it } from 'vitest';
import type { Back } from '../config/back.ts';
import { sql } from '../config/fields.ts';
import { eventually } from '../fixtures/eventually.ts';
import { Opened } from '../fixtures/opened.ts';
import { postedEvent, postSigned, WEBHOOK_SECRET } from '../fixtures/posts-events.ts';
import { Receiving } from '../fixtures/receiving.ts';
import type { Shop } from '../fixtures/shop.ts';
import type { Connector } from '../index.ts';

const opened = new Opened();
afterEach(() => opened.close());

const RECEIVE = { port: 0, signedWith: WEBHOOK_SECRET };

function connectorOf(shop: Shop, back: Partial<Back> = {}): Connector {
  return {
    ...shop.connector('http://127.0.0.1:1'),
    back: { table: 'message_events', receive: RECEIVE, ...back },
  };
}

function receive(connector: Connector): Receiving {
  const run = new Receiving(connector);
  opened.add(() => run.stop().catch(() => undefined));
  return run;
}

async function rowsOf(shop: Shop, count: number): Promise<Record<string, unknown>[]> {
  return eventually(`${count} rows`, async () => {
    const { rows } = await shop.pool.query<Record<string, unknown>>(
      'SELECT * FROM message_events ORDER BY position',
    );
    return rows.length >= count && rows;
  });
}

describe('a receiver of message events', () => {
  it('writes each event once, with what the message is called and the event as it came', async () => {
    const shop = await opened.shop(1);
    const url = await receive(connectorOf(shop)).url();
    const clicked = postedEvent('clicked', { campaign: { name: 'Spring' }, colour: 'red' });
    for (let times = 0; times < 2; times += 1) {
      expect((await postSigned(url, clicked)).status).toBe(200);
      expect(
        (await postSigned(url, { events: [clicked, postedEvent('opened', { id: clicked.message_id })] }))
          .status,
      ).toBe(200);
    }
    const rows = await rowsOf(shop, 2);
    expect(rows.map(({ kind }) => kind)).toEqual(['clicked', 'opened']);
    expect(rows[0]).toMatchObject({
      event_id: clicked.id,
      external_id: '1',
      campaign: { name: 'Spring' },
      raw: { colour: 'red' },
    });
  });

  it('believes nobody else, and says what is wrong', async () => {
    const shop = await opened.shop();
    const url = await receive(connectorOf(shop)).url();
    const other = `whsec_${Buffer.from('another secret of thirty-two bytes').toString('base64')}`;
    const answers = [
      await postSigned(url, postedEvent('sent'), { secret: other }),
      await postSigned(url, postedEvent('sent'), { now: Date.now() - 301_000 }),
      await fetch(url, { method: 'POST', body: '{}' }),
      await postSigned(url, postedEvent('sent', { at: 'soon' })),
      await postSigned(url, 'no json'),
      await postSigned(url, postedEvent('sent', { reason: 'x'.repeat(1024 * 1024) })),
      await fetch(url),
      await fetch(new URL('/elsewhere', url), { method: 'POST', body: '{}' }),
    ];
    expect(await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]))).toEqual([
      [401, { error: 'no signature fits' }],
      [401, { error: 'webhook-timestamp is more than 300 seconds from now' }],
      [401, { error: 'webhook-id, webhook-timestamp and webhook-signature are needed' }],
      [400, { error: 'at must be a time: ISO 8601, or Unix seconds' }],
      [400, { error: 'body must be JSON' }],
      [413, { error: 'a body has at most 1048576 bytes' }],
      [405, { error: 'events are posted' }],
      [404, { error: 'events go to /events' }],
    ]);
    expect((await fetch(new URL('/health', url))).status).toBe(200);
  });

  it('refuses a long body whose length nobody told', async () => {
    const shop = await opened.shop();
    const connector = connectorOf(shop, { receive: { ...RECEIVE, maxBodyBytes: 1000 } });
    const url = await receive(connector).url();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(2000)));
        controller.close();
      },
    });
    const answer = await fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(answer.status).toBe(413);
  });

  it('knows the target by a header, where it signs nothing', async () => {
    const shop = await opened.shop();
    const secretHeader = { name: 'X-Shared-Secret', value: 'sixteen characters' };
    const url = await receive(connectorOf(shop, { receive: { port: 0, secretHeader } })).url();
    const post = (secret: string) =>
      fetch(url, {
        method: 'POST',
        headers: { 'x-shared-secret': secret },
        body: JSON.stringify(postedEvent('sent')),
      });
    expect((await post('sixteen character')).status).toBe(401);
    expect((await post('sixteen characters')).status).toBe(200);
    await rowsOf(shop, 1);
  });

  it('answers while the database is away, and writes when it is back', async () => {
    const shop = await opened.shop();
    const connector = connectorOf(shop);
    const away = { ...connector, source: { ...connector.source, url: 'postgres://nobody@127.0.0.1:1/none' } };
    const first = receive(away);
    const url = await first.url();
    const events = [postedEvent('sent'), postedEvent('opened')];
    for (const event of events) expect((await postSigned(url, event)).status).toBe(200);
    await eventually('trouble', () => first.reports.some(({ kind }) => kind === 'trouble'));
    await first.stop();
    receive(connector);
    expect((await rowsOf(shop, 2)).map(({ event_id }) => event_id)).toEqual(events.map(({ id }) => id));
  });

  it('takes what happened into tables of one’s own, once, and keeps going where that fails', async () => {
    const shop = await opened.shop(2);
    await shop.pool.query('ALTER TABLE customers ADD COLUMN clicks int NOT NULL DEFAULT 0');
    const connector = connectorOf(shop, {
      writes: {
        // Not for those who are passed over because they had said so before.
        unsubscribed: () => sql`UPDATE customers SET clicks = -1`,
        clicked: ({ externalId }) =>
          sql`UPDATE customers SET clicks = clicks + 1 WHERE id = ${externalId}::int`,
        opened: () => sql`UPDATE no_such_table SET opened = true`,
      },
    });
    const url = await receive(connector).url();
    const fake = await opened.fake();
    const run = opened.watching({ ...connector, target: { ...connector.target, url: fake.url } });
    const clicked = postedEvent('clicked');
    await postSigned(url, {
      events: [postedEvent('opened'), clicked, postedEvent('clicked', { external_id: 'x' })],
    });
    await postSigned(url, clicked);
    await postSigned(url, postedEvent('unsubscribed', { reason: 'the subscription is off' }));
    await postSigned(url, postedEvent('clicked', { external_id: '2' }));
    await rowsOf(shop, 5);
    const { rows } = await shop.pool.query('SELECT id, clicks FROM customers ORDER BY id');
    expect(rows).toEqual([
      { id: 1, clicks: 1 },
      { id: 2, clicks: 1 },
    ]);
    // What failed is among the rejects of the home, by whoever works in it.
    const rejected = await eventually('two rejects', () => {
      const found = shop.rejects().filter(({ what }) => what === 'write-back');
      return found.length >= 2 && found;
    });
    expect(rejected.map(({ field }) => field)).toEqual(['back.writes.opened', 'back.writes.clicked']);
    await run.stop();
  });

  it('writes into a table that was made before some columns were thought of', async () => {
    const shop = await opened.shop();
    await shop.pool.query('ALTER TABLE message_events DROP COLUMN campaign, DROP COLUMN raw');
    const url = await receive(connectorOf(shop)).url();
    await postSigned(url, postedEvent('clicked', { campaign: { name: 'Spring' } }));
    expect(Object.keys((await rowsOf(shop, 1))[0] ?? {})).not.toContain('raw');
  });
});
