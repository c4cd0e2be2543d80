import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

const ON = 'on@shop.example';
const OFF = 'off@shop.example';

let server: MailingServer;
/** What arrived before. */
let seen = 0;

beforeAll(async () => {
  server = await MailingServer.start();
  for (const [name, token, enabled] of [
    ['on', ON, true],
    ['off', OFF, false],
  ] as const) {
    await server.done('POST', server.of('users'), {
      identity: { external_id: name },
      properties: { tags: { plan: 'gold' } },
      subscriptions: [{ type: 'Email', token, enabled }],
    });
  }
});
afterAll(() => server.stop());

async function arrivedNow() {
  const all = await server.arrived(ON, OFF);
  const now = all.slice(seen);
  seen = all.length;
  return now;
}

describe('include_unsubscribed', () => {
  it.each([
    ['aliases', { include_aliases: { external_id: ['on', 'off'] } }],
    ['addresses', { email_to: [ON, OFF] }],
    ['filters', { filters: [{ field: 'tag', key: 'plan', relation: '=', value: 'gold' }] }],
    ['everyone', { included_segments: ['All'] }],
  ])('brings an email to whoever has unsubscribed too, by %s', async (_, targets) => {
    const { body } = await server.send({ ...targets, include_unsubscribed: true });
    expect(body.errors).toBeUndefined();
    expect(await server.ended(body.id)).toMatchObject({
      successful: 2,
      failed: 0,
      include_unsubscribed: true,
    });
    const mails = await arrivedNow();
    expect(mails.map(({ recipient }) => recipient).toSorted()).toEqual([OFF, ON]);
    for (const { mail } of mails) expect(mail.headers.has('list')).toBe(false);

    const { body: without } = await server.send(targets);
    await server.ended(without.id);
    const [only, ...others] = await arrivedNow();
    expect([only?.recipient, others.length]).toEqual([ON, 0]);
    expect(only?.mail.headers.has('list')).toBe(true);
  });

  it('keeps the link of a mail that has one', async () => {
    const { body } = await server.send({
      email_to: [OFF],
      include_unsubscribed: true,
      email_body: '<a href="[unsubscribe_url]">No more</a>',
    });
    await server.ended(body.id);
    const [arrived] = await arrivedNow();
    expect(arrived?.mail.html).toMatch(/href="http[^"]+"/);
  });

  it('is refused of a message that is no email', async () => {
    const push = { target_channel: 'push', contents: { en: 'Hello' }, included_segments: ['All'] };
    const { status, body } = await server.call('POST', '/notifications', {
      app_id: server.carillon.appId,
      ...push,
      include_unsubscribed: true,
    });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('include_unsubscribed is for emails');
  });

  it('is no answer to nobody: who has unsubscribed is told of without it', async () => {
    const { body } = await server.send({ include_aliases: { external_id: ['off'] } });
    expect(body).toMatchObject({ id: '', errors: ['All included players are not subscribed'] });
  });
});
