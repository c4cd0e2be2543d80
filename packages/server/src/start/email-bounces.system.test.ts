import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { until } from '@carillon/test-kit';
import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingExim, startExim } from './fixtures/exim.ts';
import { statement } from '../platform/database/database.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

const DOMAIN = 'bounces.shop.example';
let server: MailingServer;
let sandboxPort = 0;
let bouncePort = 0;
const account = {
  kind: 'smtp',
  host: '127.0.0.1',
  security: 'none',
  from_address: 'hello@shop.example',
  bounce_domain: DOMAIN,
} as const;

beforeAll(async () => {
  server = await MailingServer.start({ CARILLON_BOUNCE_PORT: '0' });
  ({ port: sandboxPort } = await server.done('GET', server.of('channels/email')));
  bouncePort = server.carillon.bouncePlace?.port ?? 0;
  await server.done('PUT', server.of('channels/email'), { ...account, port: sandboxPort });
});
afterAll(() => server.stop());

const senders = statement(
  'test.senders',
  'select sender from sandbox_messages where recipient = $1 order by id',
);
/** The envelope senders of the mails to an address. */
const sendersTo = async (address: string) =>
  (await server.test.database.rows<{ sender: string }>(senders, [address])).map(({ sender }) => sender);
const eventsOf = async (id: string) => {
  const { deliveries } = await server.done('GET', server.of(`messages/${id}/deliveries`));
  return deliveries[0].events;
};
const kindsOf = async (id: string): Promise<string[]> =>
  (await eventsOf(id)).map(({ kind }: { kind: string }) => kind);
const fed = async (id: string) => {
  const { events } = await server.done('GET', server.of('feed?limit=1000'));
  return events
    .filter((event: { message_id: string }) => event.message_id === id)
    .map(({ kind }: { kind: string }) => kind);
};
const suppression = (address: string) =>
  server.call('GET', server.of(`suppressions/${encodeURIComponent(address)}`));

/** Brings a mail to the bounce port: resolves with the reply, also where it is a refusal. */
async function bring(to: string[], mail: SendMailOptions): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port: bouncePort, ignoreTLS: true });
  try {
    const sent = await transport.sendMail({ envelope: { from: '', to }, ...mail });
    return sent.response;
  } catch (error) {
    return (error as { response?: string }).response ?? String(error);
  } finally {
    transport.close();
  }
}
const notification = (status: string) => ({
  raw: [
    'From: MAILER-DAEMON@mx.example',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    '',
    'Not delivered',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    'Final-Recipient: rfc822; someone@example.com',
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: smtp; 550 ${status} <someone@example.com> no`,
    '--b--',
    '',
  ].join('\r\n'),
});

it('the bounce domain of an account is shown', async () => {
  expect(await server.done('GET', server.of('channels/email'))).toMatchObject({ bounce_domain: DOMAIN });
});

describe('a mail that the sandbox returns after it has taken it', () => {
  it('bounces, and its address gets no more', async () => {
    const address = 'bounce+verp@example.com';
    const { id } = await server.sendAndWait(address, {});
    await until('the bounce is told', async () => (await kindsOf(id)).length > 0);
    expect(await eventsOf(id)).toMatchObject([
      { kind: 'bounced', reason: '550 5.1.1 The sandbox bounces this address' },
    ]);
    expect((await sendersTo(address))[0]).toMatch(/^[a-z2-7]{64}@bounces\.shop\.example$/);
    expect((await suppression(address)).body).toMatchObject({ reason: 'bounce', source: 'provider' });
    expect(await fed(id)).toEqual(['message.email.sent', 'message.email.bounced']);
    expect(await server.sendAndWait(address, {})).toMatchObject({ successful: 0, failed: 1 });
  });

  it('bounces for the moment, and the next one goes', async () => {
    const address = 'soft+verp@example.com';
    const { id } = await server.sendAndWait(address, {});
    await until('the bounce is told', async () => (await kindsOf(id)).includes('soft_bounced'));
    expect((await suppression(address)).status).toBe(404);
    expect(await server.sendAndWait(address, {})).toMatchObject({ successful: 1 });
  });

  it('is reported as spam', async () => {
    const address = 'complain+verp@example.com';
    const { id } = await server.sendAndWait(address, {});
    await until('the complaint is told', async () => (await kindsOf(id)).includes('complained'));
    expect((await suppression(address)).body).toMatchObject({ reason: 'complaint' });
    expect(await fed(id)).toContain('message.email.reported_as_spam');
  });
});

describe('what comes to the bounce port', () => {
  let id = '';
  let sender = '';
  const address = 'anna+verp@example.com';
  beforeAll(async () => {
    ({ id } = await server.sendAndWait(address, {}));
    await until('it is told as delivered', async () => (await kindsOf(id)).includes('delivered'));
    [sender = ''] = await sendersTo(address);
  });

  it('is refused for addresses that nobody has, and nothing is sent on', async () => {
    const wrong = [`x${sender.slice(1)}`, sender.replace(DOMAIN, 'shop.example'), 'anna@example.com'];
    for (const one of wrong) expect(await bring([one], notification('5.1.1'))).toMatch(/^550 5\.1\.1/);
    expect(await kindsOf(id)).toEqual(['delivered']);
  });

  it('ends the connection of somebody who guesses', async () => {
    const guesses = Array.from({ length: 12 }, (_, n) => `RCPT TO:<guess-${n}@${DOMAIN}>`);
    const socket = connect(bouncePort, '127.0.0.1');
    // Whoever talks before it is greeted is sent away for that.
    await once(socket, 'data');
    socket.write(`${['EHLO mx.example', 'MAIL FROM:<>', ...guesses].join('\r\n')}\r\n`);
    const said = (await text(socket)).split('\r\n').filter((line) => /^[45]/.test(line));
    expect(said.map((line) => line.slice(0, 3))).toEqual([...Array.from({ length: 9 }, () => '550'), '421']);
  });

  it('is no news where it is an answer', async () => {
    const headers = { 'Auto-Submitted': 'auto-replied' };
    expect(await bring([sender], { headers, text: 'I am away until 5.1.1' })).toMatch(/^250/);
    expect(await kindsOf(id)).toEqual(['delivered']);
  });

  it('counts once, however often and in whatever case it comes', async () => {
    for (const to of [sender, sender.toUpperCase(), sender]) {
      expect(await bring([to], notification('5.1.1'))).toMatch(/^250/);
    }
    expect((await kindsOf(id)).filter((kind) => kind === 'bounced')).toHaveLength(1);
    expect((await fed(id)).filter((kind: string) => kind === 'message.email.bounced')).toHaveLength(1);
    expect((await suppression(address)).body).toMatchObject({ detail: '550 5.1.1 <address> no' });

    // Somebody has taken the address from the list since: the same report does not put it back.
    await server.done('DELETE', server.of(`suppressions/${encodeURIComponent(address)}`));
    expect(await bring([sender], notification('5.1.1'))).toMatch(/^250/);
    expect((await suppression(address)).status).toBe(404);
  });

  it('is read although the whole mail comes back with it', async () => {
    const { id: other } = await server.sendAndWait('berta+verp@example.com', {});
    const [to = ''] = await sendersTo('berta+verp@example.com');
    const { raw } = notification('5.2.1');
    const large = `${raw.slice(0, -6)}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n${'x'.repeat(70)}\r\n`;
    expect(await bring([to], { raw: large + 'y'.repeat(1_000_000) })).toMatch(/^250/);
    expect(await kindsOf(other)).toContain('bounced');
  });
});

describe('the copy of a mail', () => {
  it('comes from the address of the account: what becomes of it is not told of the mail', async () => {
    await server.sendAndWait('carla+verp@example.com', { email_bcc: ['archive@example.com'] });
    await until('the copy has come', async () => (await sendersTo('archive@example.com')).length === 1);
    expect(await sendersTo('archive@example.com')).toEqual(['hello@shop.example']);
  });
});

describe('a mail server of other people’s', () => {
  it('takes a mail and returns it later', async ({ skip }) => {
    const missing = missingExim();
    if (missing !== null) return skip(missing);
    const exim = await startExim({ bounceDomain: DOMAIN, bouncePort, port: sandboxPort });
    try {
      await server.done('PUT', server.of('channels/email'), { ...account, port: exim.port });
      const address = 'refuse+exim@example.com';
      const view = await server.sendAndWait(address, {});
      expect(view).toMatchObject({ successful: 1, failed: 0 });
      await until('Exim has returned it', async () => (await kindsOf(view.id)).includes('bounced'));
      expect((await eventsOf(view.id))[0].reason).toContain('5.1.1 The sandbox refuses this address');
      expect((await suppression(address)).body).toMatchObject({ reason: 'bounce' });
    } finally {
      await exim.close();
    }
  });
});

it.each([
  ['Bounces.Shop.Example'],
  ['nodots'],
  ['a@b.example'],
  [`${'a'.repeat(63)}.`.repeat(3) + 'example'],
])('%s is refused as a bounce domain', async (bounce_domain) => {
  const answer = await server.call('PUT', server.of('channels/email'), {
    ...account,
    port: 25,
    bounce_domain,
  });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain('bounce_domain');
});
