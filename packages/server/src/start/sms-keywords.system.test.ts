import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { startSmppReceiver, startTwilioReceiver, startVonageReceiver } from '../modules/channels/index.ts';
import type { ArrivedSms, SmppReceiver, TwilioReceiver, VonageReceiver } from '../modules/channels/index.ts';
import { systemClock } from '../platform/clock.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
const APPLICATION = '11111111-2222-4333-8444-555555555555';
const SHOP = '+15550100000';
const OTHER = '+15550100001';
const HOST = { clock: systemClock, host: '127.0.0.1', port: 0, reportAfterMs: 20 };

let server: MailingServer;
let twilio: TwilioReceiver;
let smsc: SmppReceiver;
let vonage: VonageReceiver;
const texted: ArrivedSms[] = [];
let number = 0;

const take = async (sms: ArrivedSms) => void texted.push(sms);

beforeAll(async () => {
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.0/8' });
  twilio = await startTwilioReceiver({
    ...HOST,
    take,
    authTokenOf: (sid) => (sid === ACCOUNT_SID ? 'token' : null),
    inboundUrl: () => `${server.carillon.url}${server.of('channels/sms/twilio/inbound')}`,
  });
  vonage = await startVonageReceiver({
    ...HOST,
    take,
    publicKeyOf: () => null,
    signatureSecret: 'secret',
    inboundUrl: () => `${server.carillon.url}${server.of('channels/sms/vonage/inbound')}`,
  });
  smsc = await startSmppReceiver({
    ...HOST,
    take,
    passwordOf: (systemId) => (systemId === 'carillon' ? 'secret' : null),
  });
});
afterAll(async () => {
  await server.stop();
  await twilio.close();
  await vonage.close();
  await smsc.close();
});
beforeEach(async () => {
  number += 1;
  texted.length = 0;
  await server.done('DELETE', keywords());
});

const keywords = () => server.of('channels/sms/keywords');
const phoneOf = (kind: string) => `+49151${kind}${String(number).padStart(5, '0')}`;
const answersTo = (phone: string) => texted.filter(({ to }) => to === phone).map(({ text }) => text);

async function useTwilio(): Promise<void> {
  const account = { kind: 'twilio', account_sid: ACCOUNT_SID, auth_token: 'token', from: SHOP };
  await server.done('PUT', server.of('channels/sms'), { ...account, base_url: twilio.baseUrl });
}

async function useVonage(): Promise<void> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const account = { kind: 'vonage', application_id: APPLICATION, signature_secret: 'secret', from: SHOP };
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await server.done('PUT', server.of('channels/sms'), {
    ...account,
    private_key: key,
    base_url: vonage.baseUrl,
  });
}

async function useSmpp(): Promise<void> {
  const account = { kind: 'smpp', host: '127.0.0.1', port: smsc.port, system_id: 'carillon', from: SHOP };
  await server.done('PUT', server.of('channels/sms'), { ...account, password: 'secret' });
}

const over = [
  ['Twilio', useTwilio, (from: string, text: string, to = SHOP) => twilio.text(ACCOUNT_SID, from, to, text)],
  [
    'Vonage',
    useVonage,
    async (from: string, text: string, to = SHOP) =>
      (await vonage.text(APPLICATION, from, to, text)) ? text : null,
  ],
  ['an SMSC', useSmpp, (from: string, text: string, to = SHOP) => smsc.text('carillon', from, to, text)],
] as const;

async function eventsSince(cursor: string, count: number): Promise<Body[]> {
  return until('the texts are in the feed', async () => {
    const { events } = await server.done('GET', server.of(`feed?cursor=${cursor}`));
    const inbound = events.filter(({ kind }: Body) => kind === 'message.sms.inbound');
    return inbound.length >= count && inbound;
  });
}
const feedEnd = async () => (await server.done('GET', server.of('feed?cursor=end'))).cursor;

describe('the settings of keywords', () => {
  it('are shown with the fixed words, replaced as a whole, and taken back', async () => {
    const usual = await server.done('GET', keywords());
    expect(usual).toMatchObject({ stop: { words: [] }, senders: [], updated_at: null });
    const set = await server.done('PUT', keywords(), { stop: { words: ['Arrêt'], reply: 'Terminé.' } });
    expect(set).toMatchObject({
      fixed_words: usual.fixed_words,
      stop: { words: ['Arrêt'], reply: 'Terminé.' },
      help: usual.help,
      updated_at: expect.any(String),
    });
    expect(await server.done('GET', keywords())).toEqual(set);
    expect(await server.done('PUT', keywords(), { help: { reply: null } })).toMatchObject({
      stop: usual.stop,
      help: { reply: null },
    });
    await server.done('DELETE', keywords());
    expect(await server.done('GET', keywords())).toEqual(usual);
  });

  it('are refused where they would take a fixed word away, and nothing is written', async () => {
    const { status, body } = await server.call('PUT', keywords(), { start: { words: ['join', 'Stop'] } });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toMatch(/start\.words must not have Stop.*cannot be removed/);
    const long = await server.call('PUT', keywords(), { stop: { reply: 'x'.repeat(1_601) } });
    expect(long.status).toBe(400);
    expect(JSON.stringify(long.body)).toContain('stop.reply');
    expect(await server.done('GET', keywords())).toMatchObject({ updated_at: null });
  });

  it('are told in the audit log, word by word', async () => {
    await server.done('PUT', keywords(), { stop: { words: ['BASTA'] } });
    await server.done('PUT', keywords(), { stop: { words: ['BASTA'] } });
    await server.done('DELETE', keywords());
    await server.done('DELETE', keywords());
    const { organizationId, organizationKey } = server.carillon;
    const { audit_logs: told } = await server.done(
      'GET',
      `/organizations/${organizationId}/audit_logs?start_time=2026-01-01T00:00:00Z&actions=sms_keywords.updated&actions=sms_keywords.deleted`,
      undefined,
      organizationKey,
    );
    const [updated, deleted] = told
      .toSorted((a: Body, b: Body) => (a.occurred_at < b.occurred_at ? -1 : 1))
      .slice(-2);
    expect(updated).toMatchObject({ action: 'sms_keywords.updated' });
    expect(JSON.stringify(updated.metadata)).toContain('BASTA');
    expect(deleted).toMatchObject({ action: 'sms_keywords.deleted' });
  });
});

describe.each(over)('what a person texts over %s', (name, use, text) => {
  const phone = () => phoneOf({ Twilio: '10', Vonage: '15' }[name as string] ?? '20');
  beforeAll(use);

  it('is answered in the words of the app, through its provider, and told in the feed', async () => {
    await server.done('PUT', keywords(), {
      stop: { words: ['Arrêt'], reply: 'Plus de messages.' },
      senders: [{ sender: OTHER, help: { words: ['CARD'], reply: 'Call 0800 1.' } }],
    });
    await server.done('POST', server.of('users'), {
      identity: { external_id: phone() },
      subscriptions: [{ type: 'SMS', token: phone() }],
    });
    const cursor = await feedEnd();
    await until('the session is bound', async () => (await text(phone(), 'ARRÊT')) !== null);
    await until('it is answered', () => answersTo(phone()).length === 1);
    expect(answersTo(phone())).toEqual(['Plus de messages.']);
    await text(phone(), 'card', OTHER);
    await until('it is answered', () => answersTo(phone()).length === 2);
    expect(texted.at(-1)).toMatchObject({ from: OTHER, text: 'Call 0800 1.' });
    await text(phone(), 'see you tomorrow');

    const events = await eventsSince(cursor, 3);
    const subscribed = { external_id: phone(), subscription_id: expect.any(String), message_id: null };
    expect(events).toMatchObject([
      {
        ...subscribed,
        channel: 'sms',
        inbound: { from: phone(), to: SHOP, text: 'ARRÊT', keyword: 'stop', answered: true },
      },
      { ...subscribed, inbound: { to: OTHER, text: 'card', keyword: 'help', answered: true } },
      { ...subscribed, inbound: { text: 'see you tomorrow', keyword: null, answered: false } },
    ]);
    const user = await server.done('GET', server.of(`users/by/external_id/${encodeURIComponent(phone())}`));
    expect(user.subscriptions).toMatchObject([{ enabled: false }]);
  });

  it('is told of a number that nobody has, too', async () => {
    const cursor = await feedEnd();
    await until('the session is bound', async () => (await text(phone(), 'Who is this?')) !== null);
    expect(await eventsSince(cursor, 1)).toMatchObject([
      { subscription_id: null, external_id: null, inbound: { from: phone(), text: 'Who is this?' } },
    ]);
  });

  it('is told of a long text, in the pieces that it came in', async () => {
    const cursor = await feedEnd();
    const long = `${'Thank you. '.repeat(20)}Bye`;
    await until('the session is bound', async () => (await text(phone(), long)) !== null);
    const events = await eventsSince(cursor, name === 'an SMSC' ? 2 : 1);
    expect(events.map(({ inbound }) => inbound.text).join('')).toBe(long);
    const numbers = events.map(({ inbound }) => inbound.part?.number ?? null);
    expect(numbers).toEqual(name === 'an SMSC' ? [1, 2] : [null]);
    expect(new Set(events.map(({ inbound }) => inbound.part?.reference)).size).toBe(1);
  });

  it('is not answered where the app wants none', async () => {
    await server.done('PUT', keywords(), { help: { reply: null } });
    const cursor = await feedEnd();
    await until('the session is bound', async () => (await text(phone(), 'HELP')) !== null);
    expect(await eventsSince(cursor, 1)).toMatchObject([{ inbound: { keyword: 'help', answered: false } }]);
    expect(answersTo(phone())).toEqual([]);
  });

  it('gets five answers an hour and no more, so that two machines do not talk for ever', async () => {
    const cursor = await feedEnd();
    const words = ['HELP', 'help', 'Help', 'HELp', 'heLp', 'HElp', 'hELP', 'INFO'];
    await until('the session is bound', async () => (await text(phone(), 'INFO!')) !== null);
    for (const word of words) await text(phone(), word);
    const events = await eventsSince(cursor, 9);
    expect(events.map(({ inbound }) => inbound.keyword)).toEqual(Array.from({ length: 9 }, () => 'help'));
    expect(events.filter(({ inbound }) => inbound.answered)).toHaveLength(5);
    await until('the answers have come', () => answersTo(phone()).length === 5);
  });
});

describe('Vonage and SNS of the sandbox', () => {
  it('take what an app sends there, and show it; what is texted back over Vonage is obeyed and answered', async () => {
    const { vonage: place } = await server.done('GET', '/sandbox/receivers');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    await server.done('PUT', server.of('channels/sms'), {
      kind: 'vonage',
      application_id: server.carillon.appId,
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      signature_secret: 'sandbox',
      from: SHOP,
      base_url: place.url,
    });
    const phone = phoneOf('40');
    const message = {
      app_id: server.carillon.appId,
      include_phone_numbers: [phone],
      contents: { en: 'Packed' },
    };
    const { id } = await server.done('POST', '/notifications', message);
    const shown = await until('it has arrived', async () => (await inboxOf(phone))[0]);
    expect(shown).toMatchObject({ channel: 'sms', message_id: id, preview: 'Packed' });
    await server.done('POST', `/sandbox/messages/${shown.id}/reply`, { text: 'Stop' });
    await until('the answer has arrived', async () => (await inboxOf(phone)).length === 2);
    expect(await server.done('POST', '/notifications', message)).toMatchObject({ id: '' });
    const view = await until('the report is counted', async () => {
      const seen = await server.view(id);
      return seen.received === 1 && seen;
    });
    expect(view).toMatchObject({ successful: 1, errored: 0 });
  });

  it('take what an app sends over SNS, and nobody can text back there', async () => {
    const { sns } = await server.done('GET', '/sandbox/receivers');
    await server.done('PUT', server.of('channels/sms'), {
      kind: 'sns',
      region: 'eu-central-1',
      access_key_id: 'AKIA0000000000000000',
      secret_access_key: 'any',
      base_url: sns.url,
    });
    const phone = phoneOf('50');
    const message = {
      app_id: server.carillon.appId,
      include_phone_numbers: [phone],
      contents: { en: 'Packed' },
    };
    await server.done('POST', '/notifications', message);
    const shown = await until('it has arrived', async () => (await inboxOf(phone))[0]);
    const answer = await server.call('POST', `/sandbox/messages/${shown.id}/reply`, { text: 'Stop' });
    expect(answer).toMatchObject({ status: 409 });
  });
});

async function inboxOf(phone: string): Promise<Body[]> {
  return (await server.done('GET', `/sandbox/messages?recipient=${phone.slice(1)}&limit=10`)).messages;
}
