import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebPushChannel, makeVapidKeys } from '../modules/channels/index.ts';
import { systemClock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

const MAIN = new URL('../main.ts', import.meta.url).pathname;
const FREE = Object.fromEntries(
  ['SMTP', 'APNS', 'FCM', 'WEB_PUSH', 'HUAWEI', 'ADM', 'TWILIO', 'VONAGE', 'SNS', 'MAIL_APIS', 'SMPP'].map(
    (name) => [`CARILLON_SANDBOX_${name}_PORT`, '0'],
  ),
);
const ACCOUNT = `AC${'1'.repeat(32)}`;

function run(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--conditions=source', '--import', 'tsx', MAIN, 'sandbox', ...args], {
    env: { ...process.env, ...FREE, CARILLON_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The program in a process of its own, spoken to over the wire alone. */
let sandbox: ChildProcess;
let url = '';
let receivers: Body;
/** What Twilio has told of what people text. */
const told: URLSearchParams[] = [];
const webhook = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk: Buffer) => (text += chunk.toString()));
  request.on('end', () => {
    told.push(new URLSearchParams(text));
    response.setHeader('content-type', 'text/xml');
    response.end('<Response><Message>Bye &amp; thanks</Message></Response>');
  });
});

beforeAll(async () => {
  webhook.listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  const { port } = webhook.address() as AddressInfo;
  sandbox = run(['--port', '0', '--twilio-inbound-url', `http://127.0.0.1:${port}/sms`]);
  for await (const line of createInterface(sandbox.stdout!)) {
    url = /Inbox\s+(\S+)\/sandbox$/.exec(line)?.[1] ?? url;
    if (line.includes('SMPP')) break;
  }
  receivers = await get('/sandbox/receivers');
});
afterAll(async () => {
  sandbox.kill('SIGTERM');
  await once(sandbox, 'exit');
  webhook.close();
});

async function get(path: string): Promise<Body> {
  const answer = await fetch(url + path);
  if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** The newest message for a recipient, waited for. */
async function arrived(recipient: string): Promise<Body> {
  const query = new URLSearchParams({ recipient, wait: '20' });
  const { messages } = await get(`/sandbox/messages?${query}`);
  return get(`/sandbox/messages/${messages[0].id}`);
}

const text = (to: string, body: string) =>
  fetch(`${receivers.twilio.url}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT}:sandbox`).toString('base64')}` },
    body: new URLSearchParams({ To: to, From: '+15550100000', Body: body }),
  });

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** One request of HTTP/2: its status and its body. */
async function postToApns(token: string, payload: object): Promise<{ status: number; body: string }> {
  const claims = { iss: 'TEAM', iat: Math.floor(Date.now() / 1_000) };
  const session = connect(receivers.apns.url);
  const stream = session.request({
    ':method': 'POST',
    ':path': `/3/device/${token}`,
    authorization: `bearer ${part({ alg: 'ES256', kid: 'KEY' })}.${part(claims)}.signature`,
    'apns-topic': 'example.app',
  });
  stream.end(JSON.stringify(payload));
  const [headers] = (await once(stream, 'response')) as [{ ':status': number }];
  let body = '';
  for await (const chunk of stream) body += String(chunk);
  session.close();
  return { status: headers[':status'], body };
}

describe('a sandbox alone', () => {
  it('keeps a mail that any program sends', async () => {
    const mailer = createTransport({ host: receivers.smtp.host, port: receivers.smtp.port, secure: false });
    await mailer.sendMail({ from: 'a@app.example', to: 'ann@example.com', subject: 'Hello', text: 'Hi' });
    mailer.close();
    expect(await arrived('ann@')).toMatchObject({ channel: 'email', subject: 'Hello', text: 'Hi\n' });
  });

  it('keeps a push for an iPhone, and refuses the next one once the app was uninstalled', async () => {
    const token = 'ab'.repeat(32);
    expect(await postToApns(token, { aps: { alert: 'Hi' } })).toMatchObject({ status: 200 });
    const push = await arrived(token);
    expect(push).toMatchObject({
      push: { body: 'Hi' },
      from: { address: 'example.app' },
      actions: ['uninstall'],
    });
    const answer = await fetch(`${url}/sandbox/messages/${push.id}/uninstall`, { method: 'POST' });
    expect(answer.status).toBe(200);
    const { status, body } = await postToApns(token, { aps: { alert: 'Hi' } });
    expect({ status, reason: JSON.parse(body).reason }).toEqual({ status: 410, reason: 'Unregistered' });
    expect(await fetch(`${url}/sandbox/messages/${push.id}/click`, { method: 'POST' })).toMatchObject({
      status: 409,
    });
  });

  it('plays the faults that tokens ask for', async () => {
    expect(await postToApns(`fa170429${'0'.repeat(56)}`, { aps: { alert: 'Hi' } })).toMatchObject({
      status: 429,
    });
  });

  it('gives out a subscription of a browser, and reads what is sent there', async () => {
    const made = await fetch(receivers.web_push.subscriptions_url, { method: 'POST' });
    const { endpoint, keys }: Body = await made.json();
    const channel = new WebPushChannel({
      clock: systemClock,
      outboundAllowed: [],
      sandboxOrigin: () => receivers.web_push.url,
    });
    const settings = { kind: 'vapid', subject: 'mailto:a@app.example', ...makeVapidKeys() } as const;
    const outcomes = await channel.deliver({ key: 'x', settings }, [
      {
        messageId: newId(),
        lane: 0,
        recipient: {
          subscriptionId: newId(),
          token: endpoint,
          device: { web_p256: keys.p256dh, web_auth: keys.auth },
        },
        content: {
          appId: newId(),
          title: 'Packed',
          subtitle: null,
          body: 'On its way',
          template: null,
          fields: {},
          confirmsDelivery: false,
          expiresAt: Date.now() + 60_000,
        },
        attempt: 1,
      },
    ]);
    await channel.close();
    expect(outcomes).toMatchObject([{ state: 'sent' }]);
    expect(await arrived(endpoint)).toMatchObject({ channel: 'web_push', subject: 'Packed' });
  });

  it('keeps a text message, and tells the program what its person texts back', async () => {
    const answer = await text('+4915112345', 'Packed ✓');
    expect(answer.status).toBe(201);
    const sms = await arrived('+4915112345');
    expect(sms).toMatchObject({
      text: 'Packed ✓',
      sms: { encoding: 'UCS-2', segments: 1 },
      actions: ['reply'],
    });
    const replied = await fetch(`${url}/sandbox/messages/${sms.id}/reply`, {
      method: 'POST',
      body: JSON.stringify({ text: 'STOP' }),
    });
    expect(replied.status).toBe(200);
    expect(Object.fromEntries(told[0] ?? [])).toMatchObject({
      AccountSid: ACCOUNT,
      From: '+4915112345',
      To: '+15550100000',
      Body: 'STOP',
    });
    const { messages } = await get(`/sandbox/messages?after=${sms.id}&channel=sms`);
    expect(messages).toMatchObject([{ to: '+4915112345', preview: 'Bye & thanks' }]);
    expect((await text('+15005551000', 'Hi')).status).toBe(400);
  });

  it('is emptied', async () => {
    await text('+4915199999', 'Hi');
    await fetch(`${url}/sandbox/messages`, { method: 'DELETE' });
    expect(await get('/sandbox/messages')).toEqual({ messages: [], next_cursor: null });
    expect(await get('/sandbox/messages?wait=0')).toMatchObject({ messages: [] });
  });

  it.each([
    [['--port', 'x'], '--port is "x", and must be a whole number from 0 to 65535'],
    [['--twilio-inbound-url', 'x'], '--twilio-inbound-url is "x", and must be an http or https URL'],
    [['--vonage-inbound-url', 'x'], '--vonage-inbound-url is "x", and must be an http or https URL'],
  ])('refuses %s', async (args, problem) => {
    const child = run(args);
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await once(child, 'exit')).toEqual([2, null]);
    expect(said).toContain(problem);
  });
});
