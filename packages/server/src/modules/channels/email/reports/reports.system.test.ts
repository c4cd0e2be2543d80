import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { createHttpServer } from '../../../../platform/http/server.ts';
import type { HttpServer } from '../../../../platform/http/server.ts';
import { newId } from '../../../../platform/ids.ts';
import { createLog } from '../../../../platform/log.ts';
import type { DeliveryEvent } from '../../delivery-event.ts';
import type { KeptMessage } from '../../sandbox/inbox/message-box.ts';
import type { MailNews } from '../../sandbox/mail/mail-news.ts';
import type { ArrivedMail } from '../../sandbox/mail/smtp-receiver.ts';
import type { Webhook } from '../../sandbox/mail-apis/mail-provider.ts';
import { startMailApisReceiver } from '../../sandbox/mail-apis/mail-apis-receiver.ts';
import type { MailApisReceiver } from '../../sandbox/mail-apis/mail-apis-receiver.ts';
import { mailProviderOf } from '../../sandbox/mail-apis/providers.ts';
import type { EmailSettings } from '../email-account.ts';
import { emailChannel, mailTo, signer } from '../fixtures/mail-rig.ts';
import { settingsOf } from '../fixtures/sandbox-accounts.ts';
import { REPORTING_KINDS } from './report-readers.ts';
import { emailReportRoutes } from './routes.ts';

const APP = newId();
const arrived: ArrivedMail[] = [];
const events: DeliveryEvent[] = [];
const ended: string[][] = [];
let receiver: MailApisReceiver;
let channel: ReturnType<typeof emailChannel>;
let server: HttpServer;
let address = '';
let settings: readonly EmailSettings[] = [];
let failing = false;
/** Tells recipients apart: Resend knows what it has taken before. */
let number = 0;

beforeAll(async () => {
  const common = { clock: systemClock, host: '127.0.0.1', port: 0 };
  receiver = await startMailApisReceiver({ ...common, take: async (mail) => void arrived.push(mail) });
  channel = emailChannel({ outboundAllowed: [], sandboxOrigin: receiver.origin });
  server = await createHttpServer({
    routes: [
      emailReportRoutes({
        signer,
        clock: systemClock,
        reachOf: (account) => channel.reachOf(account),
        settingsOf: async (appId) => (appId === APP ? settings : []),
        recordDeliveryEvents: async (some) => {
          if (failing) throw new Error('not now');
          events.push(...some);
        },
        unsubscribe: async (...asked) => {
          ended.push(asked);
          return true;
        },
      }),
    ],
    authenticator: { authenticate: async () => ({ kind: 'anonymous' }) },
    log: createLog({ level: 'silent' }),
    clock: systemClock,
  });
  address = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await channel.close();
  await receiver.close();
  await server.close();
});
beforeEach(() => {
  failing = false;
  for (const list of [arrived, events, ended]) list.length = 0;
});

describe.each(REPORTING_KINDS)('what %s reports', (kind) => {
  beforeEach(() => {
    settings = [settingsOf(kind, receiver.origin)];
  });

  /** Sends a mail, and says what its provider then tells of it and of its copies. */
  async function newsOf(
    kinds: readonly MailNews['kind'][],
    copies: readonly string[] = [],
  ): Promise<Webhook[]> {
    number += 1;
    const envelope = mailTo(`anna+${kind}${number}@example.com`, { copies });
    await channel.deliver({ key: kind, settings: settingsOf(kind, receiver.origin) }, [envelope]);
    const mails = copies.length > 0 ? arrived.slice(1) : arrived;
    const told = mails.flatMap((mail, id) =>
      kinds.map((one) => ({
        news: { message: kept(mail, id), kind: one, at: mail.at, reason: reasonOf(one) },
        raw: mail.raw,
      })),
    );
    return mailProviderOf(kind)?.tell(told, Date.now(), `${receiver.origin}/${kind}`) ?? [];
  }

  const post = async ({ headers, body }: Webhook, app = APP) => {
    const response = await fetch(`${address}/apps/${app}/channels/email/${kind}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return { status: response.status, body: await response.json() };
  };
  const postAll = async (webhooks: readonly Webhook[]) => Promise.all(webhooks.map((one) => post(one)));

  it('are events of its delivery, each once however often they are told', async () => {
    const webhooks = await newsOf(['delivered', 'bounced', 'soft_bounced', 'complained']);
    for (let time = 0; time < 2; time += 1) {
      expect((await postAll(webhooks)).map(({ status }) => status)).toEqual(webhooks.map(() => 200));
    }
    const { messageId, lane, recipient } = mailTo(`anna+${kind}${number}@example.com`);
    const { subscriptionId } = recipient;
    const byKind = events.slice(0, 4).toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
    expect(byKind.map((event) => event.kind)).toEqual(['bounced', 'complained', 'delivered', 'soft_bounced']);
    for (const event of byKind) {
      expect(event).toMatchObject({ appId: APP, messageId, lane, subscriptionId });
      expect(Math.abs(event.at - (arrived[0]?.at ?? 0))).toBeLessThan(1_500);
    }
    expect(byKind.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('550'),
      expect.stringContaining('spam'),
      undefined,
      expect.stringContaining('452'),
    ]);
    expect(events).toHaveLength(8);
    expect(new Set(events.map(({ id }) => id)).size).toBe(4);
  });

  it('are refused when somebody has changed them, and where nothing is set to prove them by', async () => {
    const webhook = first(await newsOf(['bounced']));
    const unproven = { headers: {}, body: '{}' };
    for (const forgery of [forged(kind, webhook), unproven]) {
      const answer = await post(forgery);
      expect(answer).toMatchObject({ status: 403, body: { errors: [{ code: 'email-report-unproven' }] } });
    }
    const without = Object.fromEntries(PROOFS.map((name) => [name, null]));
    settings = [{ ...settingsOf(kind, receiver.origin), ...without }];
    expect((await post(webhook)).status).toBe(403);
    expect(events).toEqual([]);
  });

  it('are taken for each account that the app has with it', async () => {
    const webhook = first(await newsOf(['delivered']));
    const other = Object.fromEntries(PROOFS.map((name) => [name, null]));
    const own = settingsOf(kind, receiver.origin);
    settings = [{ kind: 'null' }, { ...own, ...other }, own];
    expect(await post(webhook)).toEqual({ status: 200, body: { recorded: 1 } });
  });

  it('are left out when they are of copies or of what was never sent here', async () => {
    const ofCopy = await newsOf(['bounced'], ['archive@shop.example']);
    expect((await postAll(ofCopy)).map(({ body }) => body)).toEqual(ofCopy.map(() => ({ recorded: 0 })));
    expect(events).toEqual([]);
  });

  it('are told again when they could not be recorded', async () => {
    const webhook = first(await newsOf(['delivered']));
    failing = true;
    expect((await post(webhook)).status).toBe(500);
  });

  it('are not taken for an app that sends through somebody else', async () => {
    const webhook = first(await newsOf(['delivered']));
    expect((await post(webhook, newId())).status).toBe(404);
    settings = [{ kind: 'null' }];
    expect(await post(webhook)).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'channel-not-configured' }] },
    });
    expect(events).toEqual([]);
  });
});

const first = ([webhook]: readonly Webhook[]): Webhook => webhook ?? { headers: {}, body: '' };

/** The same, as somebody else may make it of it: what is not signed by its provider cannot be told from it. */
function forged(kind: string, { headers, body }: Webhook): Webhook {
  switch (kind) {
    case 'mailgun':
      return { headers, body: body.replace('"token":"', '"token":"0') };
    case 'postmark':
      return { headers: { authorization: `Basic ${Buffer.from('sandbox:other').toString('base64')}` }, body };
    default:
      return { headers, body: body.replace('example.com', 'example.net') };
  }
}

/** What proves reports, by the names that the settings have for it. */
const PROOFS = ['webhookPublicKey', 'topicArn', 'webhookSigningKey', 'webhookPassword', 'webhookSecret'];

function reasonOf(kind: MailNews['kind']): string | null {
  if (kind === 'bounced') return '550 5.1.1 nobody here';
  return kind === 'soft_bounced' ? '452 4.2.2 full' : null;
}

/** A mail as the sandbox keeps it. */
function kept(mail: ArrivedMail, id: number): KeptMessage {
  const { account, sender, recipient, providerId, fate, at } = mail;
  return {
    id,
    channel: 'email',
    provider_id: providerId,
    message_id: null,
    lane: null,
    subscription_id: null,
    account,
    sender,
    recipient,
    fate,
    received_at: new Date(at),
    uninstalled_at: null,
  };
}
