import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import type { DeliveryReference } from '../modules/channels/index.ts';
import { createRecorder } from '../modules/messages/index.ts';
import { systemClock } from '../platform/clock.ts';
import { statement } from '../platform/database/database.ts';
import { Partitions } from '../platform/database/partitions.ts';
import { newId } from '../platform/ids.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

const EVENTS = statement(
  'test.events',
  `select lane, message_id as "messageId", subscription_id as "subscriptionId", kind from delivery_events
   where message_id = $1 and kind = 'delivered'`,
);

const NAMES = 'os__click.count,os__confirmed_delivery.count,os__click.sum';

let server: MailingServer;
beforeAll(async () => {
  server = await MailingServer.start();
});
afterAll(() => server.stop());

/** In the order of `NAMES`; of the app, or of one message. */
async function counts(message: string | null, query = ''): Promise<number[]> {
  const { appId } = server.carillon;
  const path = message === null ? server.of('outcomes?') : `/notifications/${message}?app_id=${appId}&`;
  const { outcomes } = await server.done('GET', `${path}outcome_names=${NAMES}${query}`);
  return outcomes.map(({ value }: { value: number }) => value);
}

async function sendTo(count: number, name: string): Promise<{ id: string; emails: string[] }> {
  const emails = Array.from({ length: count }, (_, n) => `${name}-${n}@example.com`);
  const email_body = '<a href="https://shop.example/o">order</a>';
  const { body } = await server.send({ email_to: emails, email_body });
  await server.ended(body.id);
  await until('every delivery is confirmed', async () => {
    return (await server.test.database.rows(EVENTS, [body.id])).length === count;
  });
  return { id: body.id, emails };
}

async function click(email: string): Promise<void> {
  const [arrived] = await server.arrived(email);
  const link = /href="([^"]*)"/.exec(String(arrived?.mail.html))?.[1] ?? '';
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
}

describe('clicks and confirmed deliveries', () => {
  it('are counted for their message and for the app, each once', async () => {
    const first = await sendTo(30, 'first');
    const second = await sendTo(2, 'second');
    await Promise.all(first.emails.slice(0, 20).map(click));
    await click(first.emails[0] ?? '');
    await click(second.emails[0] ?? '');
    expect(await counts(first.id)).toEqual([21, 30, 0]);
    expect(await counts(second.id)).toEqual([1, 2, 0]);
    expect(await counts(null)).toEqual([22, 32, 0]);
    const { platform_delivery_stats } = await server.view(first.id);
    expect(platform_delivery_stats.email).toMatchObject({ clicks: 21, unique_clicks: 20, received: 30 });
  });

  it('count once, however often and by how many processes they are told', async () => {
    const { id } = await sendTo(40, 'told');
    const { database } = server.test;
    const place = { database, clock: systemClock, onNews: () => undefined };
    const recorders = [1, 2, 3].map(() => createRecorder({ ...place, partitions: new Partitions(database) }));
    const deliveries = await database.rows<DeliveryReference>(EVENTS, [id]);
    const clicks = deliveries.map(({ lane, messageId, subscriptionId }) => {
      return { lane, messageId, subscriptionId, id: newId(), kind: 'clicked' as const, at: Date.now() };
    });
    await Promise.all(recorders.flatMap((record) => [record(clicks), ...clicks.map((one) => record([one]))]));
    expect(await counts(id)).toEqual([40, 40, 0]);
  });

  it('are direct outcomes, of the platform of emails', async () => {
    const all = await counts(null);
    expect(all[0]).toBeGreaterThan(0);
    expect(await counts(null, '&outcome_attribution=direct&outcome_platforms=11')).toEqual(all);
    expect(await counts(null, '&outcome_attribution=influenced')).toEqual([0, 0, 0]);
    expect(await counts(null, '&outcome_attribution=unattributed')).toEqual([0, 0, 0]);
    expect(await counts(null, '&outcome_platforms=0,1,5')).toEqual([0, 0, 0]);
  });

  it('add to what devices report, and devices report none', async () => {
    const report = { app_id: server.carillon.appId, device_type: 11, direct: true };
    const before = await counts(null);
    const refused = await server.call('POST', '/outcomes/measure', { ...report, id: 'os__click' });
    expect(refused.status).toBe(400);
    expect(await counts(null)).toEqual(before);
  });
});
