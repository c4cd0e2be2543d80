import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { statement } from '../platform/database/database.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

let server: MailingServer;
/** The sandbox's mail server, as an account of one's own. */
let working: object;
/** Nobody listens there. */
let dead: object;

beforeAll(async () => {
  server = await MailingServer.start();
  await server.done('POST', server.of('users'), { identity: { external_id: 'tester' } });
  const { port } = await server.done('GET', server.of('channels/email'));
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const closed = (taken.address() as AddressInfo).port;
  await new Promise((resolve) => taken.close(resolve));
  const account = {
    kind: 'smtp',
    host: '127.0.0.1',
    security: 'none',
    from_name: 'Shop',
    from_address: 'hello@shop.example',
  };
  working = { ...account, port };
  dead = { ...account, port: closed };
});
afterAll(() => server.stop());

const today = () => new Date().toISOString().slice(0, 10);
const people = (name: string) => Array.from({ length: 6 }, (_, n) => `${name}-${n}@example.com`);
const list = async () => (await server.done('GET', server.of('channels/email/providers'))).providers;

describe('several providers of a channel', () => {
  it('are listed in the order in which they are asked, and shown and removed by name', async () => {
    await server.done('PUT', server.of('channels/email'), working);
    await server.done('PUT', server.of('channels/email/providers/spare'), { ...working, order: 2 });
    await server.done('PUT', server.of('channels/email/providers/first'), { ...working, weight: 300 });
    expect(await list()).toMatchObject([
      { name: 'first', order: 1, weight: 300, kind: 'smtp', status: { state: 'working' } },
      { name: 'main', order: 1, weight: 100 },
      { name: 'spare', order: 2, weight: 100 },
    ]);
    // What is left away stays.
    await server.done('PUT', server.of('channels/email/providers/spare'), { ...working, weight: 7 });
    expect(await server.done('GET', server.of('channels/email/providers/spare'))).toMatchObject({
      order: 2,
      weight: 7,
    });
    for (const name of ['first', 'spare', 'main']) {
      await server.done('DELETE', server.of(`channels/email/providers/${name}`));
    }
    expect(await list()).toMatchObject([{ name: 'main', kind: 'sandbox' }]);
  });

  it.each([
    ['PUT', 'providers/Spare', {}, 400, 'name'],
    ['PUT', 'providers/spare', { order: 0 }, 400, 'order'],
    ['PUT', 'providers/spare', { weight: 5_000 }, 400, 'weight'],
    ['PUT', 'providers/spare', { port: 'many' }, 400, 'port'],
    ['GET', 'providers/nobody', undefined, 404, 'nobody'],
    ['DELETE', 'providers/nobody', undefined, 404, 'nobody'],
  ])('%s %s %j is refused with what is wrong', async (method, path, wrong, status, word) => {
    const body = wrong && { ...working, ...wrong };
    const answer = await server.call(method, server.of(`channels/email/${path}`), body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(word);
  });

  it('are twenty at most', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `p${n}`);
    for (const name of names)
      await server.done('PUT', server.of(`channels/email/providers/${name}`), working);
    const answer = await server.call('PUT', server.of('channels/email/providers/one-more'), working);
    expect(answer).toMatchObject({ status: 409 });
    await server.done('PUT', server.of('channels/email/providers/p3'), working);
    for (const name of names) await server.done('DELETE', server.of(`channels/email/providers/${name}`));
  });

  it('bring everything although the first is down, and tell that it is', async () => {
    await server.done('PUT', server.of('channels/email'), dead);
    await server.done('PUT', server.of('channels/email/providers/spare'), { ...working, order: 2 });
    const names = Array.from({ length: 30 }, (_, n) => `failover-${n}@example.com`);
    const { body } = await server.send({ email_to: names });
    expect(await server.ended(body.id)).toMatchObject({ successful: 30, errored: 0, failed: 0 });
    const arrived = await server.arrived(...names);
    expect(arrived.map(({ recipient }) => recipient).toSorted()).toEqual(names.toSorted());
    await until('its state is told', async () => (await list())[0].status.state !== 'working');
    expect(await list()).toMatchObject([
      { name: 'main', status: { state: expect.stringMatching('paused|trying'), reason: expect.any(String) } },
      { name: 'spare', status: { state: 'working' } },
    ]);
    // Whoever comes now does not wait for it.
    const { body: later } = await server.send({ email_to: ['later@example.com'] });
    expect(await server.ended(later.id)).toMatchObject({ successful: 1 });
  });
});

describe('a provider that is warmed up', () => {
  /** The message whose mails wait for the next day. */
  let later = '';

  it('gets its number of a day, and the others go through the next one', async () => {
    const warm_up = { starts_on: today(), per_day: [4, 100] };
    const shown = await server.done('PUT', server.of('channels/email'), { ...working, warm_up });
    expect(shown.warm_up).toEqual(warm_up);
    await server.done('PUT', server.of('channels/email/providers/spare'), {
      ...working,
      order: 2,
      from_name: 'Spare',
    });
    const names = people('warm');
    const { body } = await server.send({ email_to: names });
    expect(await server.ended(body.id)).toMatchObject({ successful: 6 });
    const senders = (await server.arrived(...names)).map(({ mail }) => mail.from?.value[0]?.name ?? '');
    expect(senders.toSorted()).toEqual(['Shop', 'Shop', 'Shop', 'Shop', 'Spare', 'Spare']);
    await until('its rest is told', async () => (await list())[0].status.state === 'paused');
    expect((await list())[0].status.reason).toContain('4 of today');
  });

  it('keeps the others until its next day where there is no other', async () => {
    await server.done('DELETE', server.of('channels/email/providers/spare'));
    const { body } = await server.send({ email_to: people('later') });
    later = body.id;
    const waiting = statement(
      'test.waiting',
      'select min(due_at) as at, count(*)::int as count from delivery_retries where message_id = $1',
    );
    const tomorrow = new Date(Date.parse(`${today()}T00:00:00Z`) + 24 * 3_600_000);
    // Without another one, a page is handed to the provider, which has none of today left.
    await until('they wait', async () => {
      const [row] = await server.test.database.rows<{ at: Date | null; count: number }>(waiting, [body.id]);
      return row?.count === 6 && (row.at ?? 0) >= tomorrow;
    });
    expect(await server.arrived(...people('later'))).toEqual([]);
  });

  it.each([
    [{ starts_on: 'soon', per_day: [1] }, 'starts_on'],
    [{ starts_on: '2026-12-01', per_day: [] }, 'per_day'],
    [{ starts_on: '2026-12-01', per_day: [0] }, 'per_day'],
    [{ starts_on: '2026-12-01' }, 'per_day'],
  ])('by %j is refused by name', async (warm_up, word) => {
    const answer = await server.call('PUT', server.of('channels/email'), { ...working, warm_up });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(word);
  });

  it('keeps its plan, and those who wait, when it is not named', async () => {
    const kept = await server.done('PUT', server.of('channels/email'), working);
    expect(kept.warm_up).toMatchObject({ per_day: [4, 100] });
    expect((await server.view(later)).remaining).toBe(6);
  });

  it('gets at once what a higher number of today allows, of those who wait', async () => {
    const warm_up = { starts_on: today(), per_day: [6, 100] };
    await server.done('PUT', server.of('channels/email'), { ...working, warm_up });
    await until('two more have gone', async () => (await server.arrived(...people('later'))).length === 2);
    await until('the others wait', async () => (await list())[0].status.state === 'paused');
    // A mail arrives before its page is closed.
    const counted = until('the two are counted', async () => (await server.view(later)).remaining === 4);
    expect(await counted).toBe(true);
  });

  it('goes on without a limit when its plan is taken away, with those who wait', async () => {
    const freed = await server.done('PUT', server.of('channels/email'), { ...working, warm_up: null });
    expect(freed).toMatchObject({ warm_up: null, status: { state: 'working' } });
    const { body } = await server.send({ email_to: ['free@example.com'] });
    expect(await server.ended(body.id)).toMatchObject({ successful: 1 });
    expect(await server.ended(later)).toMatchObject({ successful: 6, errored: 0 });
    expect(await server.arrived(...people('later'))).toHaveLength(6);
  });
});

describe('a receiving domain that is limited', () => {
  it('gets its number a minute, and the others go at once', async () => {
    const domain_limits = { 'slow.example': 60 };
    const shown = await server.done('PUT', server.of('channels/email'), { ...working, domain_limits });
    expect(shown.domain_limits).toEqual(domain_limits);
    const slow = Array.from({ length: 5 }, (_, n) => `p-${n}@Slow.Example`.toLowerCase());
    const fast = Array.from({ length: 5 }, (_, n) => `p-${n}@fast.example`);
    const { body } = await server.send({ email_to: [...slow, ...fast] });
    await until('the others have gone', async () => (await server.arrived(...fast)).length === 5);
    const waiting = statement(
      'test.paced',
      `select reason from delivery_retries where message_id = $1 and reason like 'slow.example gets 60 a minute'`,
    );
    expect((await server.test.database.rows(waiting, [body.id])).length).toBeGreaterThan(0);
    // Nobody is tried twice, and nobody is left.
    expect(await server.ended(body.id)).toMatchObject({ successful: 10 });
    expect(await server.arrived(...slow)).toHaveLength(5);
    await server.done('PUT', server.of('channels/email'), { ...working, domain_limits: null });
  });

  it.each([
    [{ 'slow.example': 0 }, 'domain_limits'],
    [{ nodots: 5 }, 'domain_limits'],
    [{ 'Slow.example': 5 }, 'domain_limits'],
    ['slow.example', 'domain_limits'],
  ])('by %j is refused by name', async (domain_limits, word) => {
    const answer = await server.call('PUT', server.of('channels/email'), { ...working, domain_limits });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(word);
  });

  it('is one of emails only', async () => {
    const settings = { kind: 'null', domain_limits: { 'slow.example': 5 } };
    expect((await server.call('PUT', server.of('channels/sms'), settings)).status).toBe(400);
  });
});

describe('a test', () => {
  it('goes at once, through the provider that is named, and tells what it answers', async () => {
    await server.done('PUT', server.of('channels/email'), dead);
    await server.done('PUT', server.of('channels/email/providers/spare'), { ...working, order: 2 });
    const test = (body: object) => server.done('POST', server.of('channels/email/test'), body);
    expect(await test({ to: 'test@example.com', provider: 'spare' })).toMatchObject({
      channel: 'email',
      provider: 'spare',
      state: 'sent',
      reason: null,
    });
    const [mail] = await server.arrived('test@example.com');
    expect(mail?.mail.subject).toBe('A test from Carillon');
    expect(await test({ to: 'test@example.com' })).toMatchObject({ provider: 'main', state: 'retry' });
    expect(await test({ to: 'refuse@example.com', provider: 'spare' })).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('550'),
    });
  });

  it('goes to a subscription, by the way that reaches it', async () => {
    const { subscription } = await server.done(
      'POST',
      `${server.of('users/by/external_id/tester')}/subscriptions`,
      {
        subscription: { type: 'AndroidPush', token: `device:${'A'.repeat(140)}` },
      },
    );
    const target = { subscription_id: subscription.id };
    const answer = await server.done('POST', server.of('channels/android_push/test'), target);
    expect(answer).toMatchObject({ provider: 'main', state: 'sent' });
    const wrong = await server.call('POST', server.of('channels/ios_push/test'), target);
    expect(wrong).toMatchObject({ status: 400 });
    expect(JSON.stringify(wrong.body)).toContain('AndroidPush');
  });

  it.each([
    ['email', {}, 400, 'subscription_id'],
    ['email', { to: 'nobody' }, 400, 'email address'],
    ['sms', { to: '12' }, 400, 'phone number'],
    ['web_push', { to: 'https://push.example' }, 400, 'subscription_id'],
    ['email', { to: 'a@example.com', provider: 'nobody' }, 404, 'nobody'],
    ['email', { subscription_id: '0193a000-0000-7000-8000-000000000001' }, 404, 'ubscription'],
  ])('%s %j is refused with what is wrong', async (channel, body, status, word) => {
    const answer = await server.call('POST', server.of(`channels/${channel}/test`), body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(word);
  });
});
