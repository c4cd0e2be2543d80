import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { MailingServer } from './fixtures/mailing-server.ts';

let server: MailingServer;
beforeAll(async () => {
  server = await MailingServer.start();
});
afterAll(() => server.stop());

const pathOf = (address: string) => server.of(`suppressions/${encodeURIComponent(address)}`);
const suppress = (...suppressions: object[]) =>
  server.call('POST', server.of('suppressions'), { suppressions });

describe('an address that bounces', () => {
  it('gets no more mails, until somebody takes it from the list', async () => {
    const address = 'bounce+anna@example.com';
    await subscribe(address);
    expect(await server.sendAndWait(address, {})).toMatchObject({ successful: 1, failed: 0 });
    await until('the bounce is told', async () => (await server.call('GET', pathOf(address))).status === 200);
    expect(await server.done('GET', pathOf('Bounce+Anna@EXAMPLE.com'))).toMatchObject({
      address,
      reason: 'bounce',
      source: 'provider',
      detail: expect.stringContaining('550'),
    });
    // Suppressed and unsubscribed are two states.
    expect(await subscriptionOf(address)).toMatchObject({ enabled: true, notification_types: 1 });

    expect(await server.sendAndWait(address, {})).toMatchObject({ successful: 0, failed: 1, errored: 0 });
    expect(await server.arrived(address)).toHaveLength(1);

    expect(await server.done('DELETE', pathOf(address))).toEqual({ success: true });
    expect((await server.call('DELETE', pathOf(address))).status).toBe(404);
    expect(await server.sendAndWait(address, {})).toMatchObject({ successful: 1, failed: 0 });
  });
});

/** The events of a message, as the feed tells them. */
async function feedOf(messageId: string): Promise<string[]> {
  const { events } = await server.done('GET', server.of('feed?limit=1000'));
  const own = events.filter(({ message_id }: { message_id: string }) => message_id === messageId);
  return own.map(({ kind }: { kind: string }) => kind);
}
const eventsOf = async (id: string) => {
  const { deliveries } = await server.done('GET', server.of(`messages/${id}/deliveries`));
  return deliveries[0].events;
};
const subscriptionOf = async (address: string) => {
  const { subscriptions } = await server.done(
    'GET',
    server.of(`users/by/external_id/${address.replace(/@.*/, '')}`),
  );
  return subscriptions[0];
};
const subscribe = (address: string) =>
  server.done('POST', server.of('users'), {
    identity: { external_id: address.replace(/@.*/, '') },
    subscriptions: [{ type: 'Email', token: address }],
  });

describe('an address that bounces for the moment', () => {
  it('goes on getting mails, and the delivery tells it', async () => {
    const address = 'soft+anna@example.com';
    await subscribe(address);
    const { id } = await server.sendAndWait(address, {});
    await until('the bounce is told', async () => (await eventsOf(id)).length > 0);
    expect(await eventsOf(id)).toMatchObject([
      { kind: 'soft_bounced', reason: '452 4.2.2 The mailbox of this address is full' },
    ]);
    expect(await feedOf(id)).toEqual(['message.email.sent', 'message.email.soft_bounced']);
    expect((await server.view(id)).platform_delivery_stats.email).toMatchObject({
      bounced: 0,
      reported_spam: 0,
    });
    expect((await server.call('GET', pathOf(address))).status).toBe(404);
    expect(await subscriptionOf(address)).toMatchObject({ enabled: true, notification_types: 1 });
    expect(await server.sendAndWait(address, {})).toMatchObject({ successful: 1 });
  });
});

describe('a mail that is reported as spam', () => {
  it('ends the mails to its person, and is told and counted once', async () => {
    const address = 'complain+anna@example.com';
    await subscribe(address);
    const { id } = await server.sendAndWait(address, {});
    await until('the complaint is told', async () => (await eventsOf(id)).length > 1);
    expect((await eventsOf(id)).map(({ kind }: { kind: string }) => kind).toSorted()).toEqual([
      'complained',
      'delivered',
    ]);
    expect(await feedOf(id)).toContain('message.email.reported_as_spam');
    expect(await server.done('GET', pathOf(address))).toMatchObject({
      reason: 'complaint',
      source: 'provider',
    });
    expect(await subscriptionOf(address)).toMatchObject({ enabled: false });

    const { messages } = await server.done('GET', `/sandbox/messages?message_id=${id}`);
    await server.done('POST', `/sandbox/messages/${messages[0].id}/complain`);
    expect((await server.view(id)).platform_delivery_stats.email).toMatchObject({ reported_spam: 1 });
    expect((await feedOf(id)).filter((kind) => kind.endsWith('spam'))).toHaveLength(1);
  });

  it('is one that its person says so of in the inbox', async () => {
    const address = 'dora@example.com';
    await subscribe(address);
    const { id } = await server.sendAndWait(address, {});
    const { messages } = await server.done('GET', `/sandbox/messages?message_id=${id}`);
    const path = `/sandbox/messages/${messages[0].id}`;
    expect((await server.done('GET', path)).actions).toEqual(['complain']);
    expect(await server.done('POST', `${path}/complain`)).toEqual({ success: true });
    expect(await server.done('GET', pathOf(address))).toMatchObject({ reason: 'complaint' });
    const { consents } = await server.done(
      'GET',
      server.of(`subscriptions/${(await subscriptionOf(address)).id}/consents`),
    );
    expect(consents[0]).toMatchObject({ granted: false, source: 'spam complaint' });
  });
});

describe('the suppression list', () => {
  it('holds back whom somebody has put there, and says why in the ledger', async () => {
    expect((await suppress({ address: 'Berta@example.com', reason: 'complaint' })).body).toEqual({
      added: 1,
    });
    expect((await suppress({ address: 'berta@example.com' })).body).toEqual({ added: 0 });
    const view = await server.sendAndWait('berta@example.com', {});
    expect(view).toMatchObject({ successful: 0, failed: 1 });
    const { deliveries } = await server.done('GET', server.of(`messages/${view.id}/deliveries`));
    expect(deliveries).toMatchObject([
      { state: 'suppressed', reason: expect.stringContaining('reported as spam') },
    ]);
    expect(await server.arrived('berta@example.com')).toEqual([]);
  });

  it('is told page by page, each address once', async () => {
    const addresses = Array.from({ length: 25 }, (_, n) => `page${String(n).padStart(2, '0')}@list.example`);
    await suppress(...addresses.map((address) => ({ address })));
    const told: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await server.done('GET', server.of(`suppressions?limit=10${query}`));
      told.push(...page.suppressions.map(({ address }: { address: string }) => address));
      cursor = page.next_cursor;
    }
    expect(told).toEqual([...new Set(told)].toSorted());
    expect(told.filter((address) => address.endsWith('@list.example'))).toEqual(addresses);
  });

  it.each([
    ['no address', { suppressions: [{ address: 'nobody' }] }, /address/],
    ['an unknown reason', { suppressions: [{ address: 'a@b.example', reason: 'mood' }] }, /reason/],
    ['nobody', { suppressions: [] }, /suppressions/],
  ])('takes nothing with %s', async (_, body, sentence) => {
    const answer = await server.call('POST', server.of('suppressions'), body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toMatch(sentence);
  });

  it('refuses a cursor that it has not given out', async () => {
    const answer = await server.call('GET', server.of('suppressions?cursor=x'));
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('cursor');
  });

  it('is one app’s', async () => {
    await suppress({ address: 'carla@example.com' });
    const { organizationId: organization_id, organizationKey } = server.carillon;
    const key = organizationKey ?? '';
    const other = await server.done('POST', '/apps', { name: 'Other', organization_id }, key);
    const { formatted_token } = await server.done(
      'POST',
      `/apps/${other.id}/auth/tokens`,
      { name: 'k' },
      key,
    );
    const list = await server.done('GET', `/apps/${other.id}/suppressions`, undefined, formatted_token);
    expect(list).toEqual({ suppressions: [] });
    for (const method of ['GET', 'DELETE']) {
      const answer = await server.call(method, pathOf('carla@example.com'), undefined, formatted_token);
      expect(answer.status).toBe(401);
    }
    expect((await server.call('GET', pathOf('carla@example.com'))).status).toBe(200);
  });
});
