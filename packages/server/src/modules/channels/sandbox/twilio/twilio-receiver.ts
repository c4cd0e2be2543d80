import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../../platform/clock.ts';
import { segmentsOf } from '../../sms/segments.ts';
import type { TakeSms } from '../numbers/arrived-sms.ts';
import { NumberPlayer } from '../numbers/play-number.ts';
import type { NumberVerdict } from '../numbers/play-number.ts';
import { readBody, startHttpReceiver } from '../web/http-receiver.ts';
import { accountOf, faultIn } from './check-request.ts';
import { messageIn } from './read-twiml.ts';
import { created, refusal } from './twilio-answers.ts';
import type { TwilioAnswer } from './twilio-answers.ts';
import { TwilioCallbacks } from './twilio-callbacks.ts';
import type { TwilioAccount } from './twilio-callbacks.ts';

export interface TwilioReceiverOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The auth token of an account, or null when there is no such account. */
  readonly authTokenOf: (accountSid: string) => string | null;
  readonly take: TakeSms;
  /** How long after a message's arrival its fate is reported, in milliseconds. */
  readonly reportAfterMs: number;
  /** Where a message to a sender of the account is told, as set in Twilio's console; null: nowhere. */
  readonly inboundUrl: (accountSid: string) => string | null;
}

export interface TwilioReceiver {
  /** What `base_url` of the settings is for this receiver. */
  readonly baseUrl: string;
  /** Connections that are open now. */
  connections(): number;
  /** A person's text to a sender of an account. Resolves with the TwiML of the answer, or null without any. */
  text(accountSid: string, from: string, to: string, body: string): Promise<string | null>;
  close(): Promise<void>;
}

type Taken = Extract<NumberVerdict, { readonly kind: 'take' }>;

const RETRY_AFTER = { 'retry-after': '7' };
const UNREACHABLE_TELEPHONE = 30003;

/**
 * Twilio's API of messages: checks who asks, answers as Twilio does, reports what became of each message, and plays
 * what the recipient's number asks for (scripted-number.ts). It passes nothing on.
 */
export async function startTwilioReceiver(options: TwilioReceiverOptions): Promise<TwilioReceiver> {
  const { clock, authTokenOf, take } = options;
  const callbacks = new TwilioCallbacks(options);
  const numbers = new NumberPlayer(clock);

  const text = async (accountSid: string, from: string, to: string, body: string) => {
    const url = options.inboundUrl(accountSid);
    const authToken = authTokenOf(accountSid);
    if (url === null || authToken === null) return null;
    const sid = newSid();
    const ids = { MessageSid: sid, SmsMessageSid: sid, SmsSid: sid };
    const form = { ...ids, From: isRcs(to) ? `rcs:${from}` : from, To: to, Body: body, NumMedia: '0' };
    const numSegments = String(Math.max(1, segmentsOf(body).segments));
    const twiml = await callbacks.post({ accountSid, authToken }, url, { ...form, NumSegments: numSegments });
    await sendAnswer(accountSid, to, from, messageIn(twiml ?? ''));
    return twiml;
  };

  /** Twilio sends what it is answered. */
  async function sendAnswer(account: string, from: string, to: string, text: string | null): Promise<void> {
    if (text === null) return;
    const unreported = { mediaUrls: [], deliveryKey: null, fate: 'delivered', at: clock.now() } as const;
    await take({ ...unreported, account, from, to, text, segments: segmentsOf(text), ref: newSid() });
  }

  /** Null: there is no answer, and the connection is cut. */
  async function receive(account: TwilioAccount, form: URLSearchParams): Promise<TwilioAnswer | null> {
    const to = numberIn(form);
    const fault = faultIn(form);
    if (fault !== null) return refusal(400, fault, to);
    const verdict = await numbers.play(to);
    switch (verdict.kind) {
      case 'refuse':
        return refusal(400, verdict.twilio, to);
      case 'defer':
        return refusal(503, 20503);
      case 'throttle':
        return { ...refusal(429, 20429), headers: RETRY_AFTER };
      case 'cut':
        return null;
      case 'take':
        return takeIn(account, form, verdict);
    }
  }

  async function takeIn(
    account: TwilioAccount,
    form: URLSearchParams,
    verdict: Taken,
  ): Promise<TwilioAnswer | null> {
    const { accountSid } = account;
    const { fate } = verdict;
    const to = numberIn(form);
    const sid = newSid(form.has('MediaUrl') ? 'MM' : 'SM');
    const from = form.get('From') ?? form.get('MessagingServiceSid') ?? '';
    const body = form.get('Body') ?? '';
    const callback = form.get('StatusCallback');
    await take({
      account: accountSid,
      from,
      to,
      text: body,
      mediaUrls: form.getAll('MediaUrl'),
      segments: segmentsOf(body),
      ref: sid,
      deliveryKey: callback,
      fate,
      at: clock.now(),
    });
    if (callback !== null) {
      const message = { MessageSid: sid, SmsSid: sid, To: form.get('To') ?? '', From: from };
      // Over RCS the telephone tells that its person has read it, too.
      const isRead = fate === 'delivered' && isRcs(from);
      const fates = isRead ? ([fate, 'read'] as const) : [fate];
      callbacks.report(account, callback, message, fates, UNREACHABLE_TELEPHONE);
    }
    if (verdict.isStopped) void text(accountSid, to, from, 'STOP');
    return verdict.isAnswered ? created(accountSid, sid, form, clock.now()) : null;
  }

  async function answerTo(request: IncomingMessage): Promise<TwilioAnswer | null> {
    const account = accountOf(request, authTokenOf);
    if (account === null) return refusal(401, 20003);
    const path = `/2010-04-01/Accounts/${account.accountSid}/Messages.json`;
    if (request.method !== 'POST' || request.url !== path) return refusal(404, 20404);
    try {
      return await receive(account, new URLSearchParams(await readBody(request)));
    } catch {
      return refusal(503, 20503);
    }
  }

  const { origin, connections, close } = await startHttpReceiver({
    ...options,
    async answerTo(request) {
      const answer = await answerTo(request);
      if (answer === null) return null;
      const { status, body, headers = {} } = answer;
      const json = { 'content-type': 'application/json', ...headers };
      return { status, body: JSON.stringify(body), headers: json };
    },
  });
  return {
    baseUrl: origin,
    connections,
    text,
    async close() {
      await close();
      await callbacks.stop();
    },
  };
}

/** The number that a message is for: over RCS it is named behind the channel. */
function numberIn(form: URLSearchParams): string {
  return (form.get('To') ?? '').replace(/^rcs:/i, '');
}

function isRcs(address: string): boolean {
  return /^rcs:/i.test(address);
}

function newSid(kind: 'SM' | 'MM' = 'SM'): string {
  return kind + randomBytes(16).toString('hex');
}
