import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeSelfSigned } from '../../sandbox/mail-apis/self-signed.ts';
import { answerOf, messageId, NOW, posted, reference, token, tools } from '../fixtures/report-rig.ts';
import { readSesAnswer } from './ses-api.ts';
import { sesKind } from './ses-kind.ts';
import { sesReports } from './ses-reports.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:mails';
const settings = sesKind.read({
  kind: 'ses',
  region: 'eu-central-1',
  access_key_id: 'AKIAEXAMPLE',
  secret_access_key: 'hidden-word',
  topic_arn: TOPIC,
  from_address: 'hello@shop.example',
});
const SETTINGS_HINT = expect.stringContaining('PUT /apps/{app_id}/channels/email');

const refused = (status: number, code: string) =>
  readSesAnswer(answerOf(status, { message: 'No.' }, { 'x-amzn-errortype': code }), NOW);

describe('the answer of SES to a mail', () => {
  it('is its reference when it has taken it, and in doubt without one', () => {
    expect(readSesAnswer(answerOf(200, { MessageId: '0100' }), NOW)).toEqual({ state: 'sent', ref: '0100' });
    expect(readSesAnswer(answerOf(200, '<html>'), NOW)).toMatchObject({ state: 'retry' });
  });

  it.each([
    [400, 'BadRequestException', { state: 'failed' }],
    [400, 'MessageRejected', { state: 'retry', reason: SETTINGS_HINT }],
    [400, 'MailFromDomainNotVerifiedException', { state: 'retry', reason: SETTINGS_HINT }],
    [400, 'AccountSuspendedException:http://internal.amazon.com/', { state: 'retry', reason: SETTINGS_HINT }],
    [400, 'SendingPausedException', { state: 'retry', reason: SETTINGS_HINT }],
    [404, 'NotFoundException', { state: 'retry', reason: SETTINGS_HINT }],
    [403, 'InvalidSignatureException', { state: 'retry', reason: SETTINGS_HINT }],
    [403, 'com.amazon.coral.service#UnrecognizedClientException', { state: 'retry', reason: SETTINGS_HINT }],
    [400, 'ThrottlingException', { state: 'retry', reason: 'SES ThrottlingException: No.', limited: true }],
    [429, 'TooManyRequestsException', { state: 'retry', afterMs: null, limited: true }],
    [400, '', { state: 'retry', reason: 'SES 400: No.' }],
    [413, '', { state: 'failed' }],
    [500, 'InternalFailure', { state: 'retry', afterMs: null }],
  ])('%s %s', (status, code, outcome) => {
    expect(refused(status, code)).toMatchObject(outcome);
  });
});

const { key, certificate } = makeSelfSigned('sns.amazonaws.com');
let number = 0;

/** A message of SNS, signed as SNS signs it, with its certificate at a new address each time. */
function snsMessage(
  said: Readonly<Record<string, string>>,
  { version = '2', host = 'sns.eu-central-1.amazonaws.com' } = {},
) {
  const message: Record<string, string> = {
    MessageId: 'n-1',
    TopicArn: TOPIC,
    Timestamp: '2026-11-26T00:00:00.000Z',
    ...said,
  };
  const names = Object.keys(message).toSorted();
  const text = names.map((name) => `${name}\n${message[name]}\n`).join('');
  number += 1;
  return {
    ...message,
    SignatureVersion: version,
    Signature: sign(version === '1' ? 'sha1' : 'sha256', Buffer.from(text), key).toString('base64'),
    SigningCertURL: `https://${host}/SimpleNotificationService-${number}.pem`,
  };
}

const notification = (event: unknown, more = {}) =>
  snsMessage({ Type: 'Notification', Message: JSON.stringify(event) }, more);
const isGenuine = (message: object) =>
  sesReports.isGenuine(
    posted(message),
    settings,
    tools(() => certificate),
  );

const confirmation = (SubscribeURL: string) =>
  posted(snsMessage({ Type: 'SubscriptionConfirmation', Message: 'm', Token: 't', SubscribeURL }));

describe('a message of Amazon SNS', () => {
  it.each(['1', '2'])(
    'is genuine with a signature of version %s, with a subject or without',
    async (version) => {
      expect(await isGenuine(notification({}, { version }))).toBe(true);
      const withSubject = snsMessage({ Type: 'Notification', Message: '{}', Subject: 'A mail' }, { version });
      expect(await isGenuine(withSubject)).toBe(true);
    },
  );

  it.each<[string, object]>([
    ['is changed', { ...notification({}), Message: '{"a":1}' }],
    [
      'is signed by a key from elsewhere',
      notification({}, { host: 'sns.eu-central-1.amazonaws.com.evil.example' }),
    ],
    [
      'has its certificate at another service',
      notification({}, { host: 'bucket.s3.eu-central-1.amazonaws.com' }),
    ],
    ['has another version', { ...notification({}), SignatureVersion: '3' }],
    ['is of another topic', snsMessage({ Type: 'Notification', Message: '{}', TopicArn: `${TOPIC}2` })],
    ['is none', { Type: 'Greeting' }],
  ])('is not when it %s', async (_, message) => {
    expect(await isGenuine(message)).toBe(false);
  });

  it('is not where no topic is set, and where there is no certificate', async () => {
    const message = posted(notification({}));
    const none = { ...settings, topicArn: null };
    expect(
      await sesReports.isGenuine(
        message,
        none,
        tools(() => certificate),
      ),
    ).toBe(false);
    expect(await sesReports.isGenuine(message, settings, tools())).toBe(false);
  });

  it('that asks for it is answered by a visit to SNS, and nowhere else', async () => {
    const visited: string[] = [];
    const visiting = tools((url) => {
      visited.push(url);
      return 'confirmed';
    });
    const url = 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
    expect(await sesReports.read(confirmation(url), settings, visiting)).toEqual([]);
    await sesReports.read(confirmation('https://sns.evil.example/'), settings, visiting);
    expect(visited).toEqual([url]);
    await expect(sesReports.read(confirmation(url), settings, tools())).rejects.toThrow(
      /moment|again|unavailable/i,
    );
  });
});

const bounce = (bounceType: string) => ({
  bounce: { bounceType, bounceSubType: 'General', bouncedRecipients: [{ diagnosticCode: 'smtp; 550 no' }] },
});

describe('an event of SES', () => {
  const mail = { timestamp: '2026-11-25T10:00:00.000Z', tags: { carillon: [token] } };
  const at = Date.parse(mail.timestamp);
  const read = (event: object, of: object = mail) =>
    sesReports.read(posted(notification({ mail: of, ...event })), settings, tools());
  it.each([
    [{ eventType: 'Delivery' }, { kind: 'delivered' }],
    [{ notificationType: 'Delivery' }, { kind: 'delivered' }],
    [
      { eventType: 'Bounce', ...bounce('Permanent') },
      { kind: 'bounced', reason: 'smtp; 550 no' },
    ],
    [
      { eventType: 'Bounce', ...bounce('Transient') },
      { kind: 'soft_bounced', reason: 'smtp; 550 no' },
    ],
    [{ eventType: 'Bounce', ...bounce('Undetermined') }, { kind: 'soft_bounced' }],
    [
      { eventType: 'Reject', reject: { reason: 'Bad content' } },
      { kind: 'soft_bounced', reason: 'SES: Bad content' },
    ],
    [{ eventType: 'Complaint', complaint: { complaintFeedbackType: 'abuse' } }, { kind: 'complained' }],
    [
      { eventType: 'Open', open: {} },
      { kind: 'opened', name: 'ses n-1' },
    ],
    [
      { eventType: 'Click', click: { link: 'https://shop.example/' } },
      { kind: 'clicked', url: 'https://shop.example/' },
    ],
    [
      { eventType: 'Subscription', subscription: { newTopicPreferences: { unsubscribeAll: true } } },
      { kind: 'unsubscribed' },
    ],
  ])('%j', async (event, report) => {
    expect(await read(event)).toMatchObject([{ reference, at, ...report }]);
  });

  it('may name its mail by the Message-ID that it had', async () => {
    const { timestamp } = mail;
    const headers = [{ name: 'Message-Id', value: messageId }];
    expect(await read({ eventType: 'Delivery' }, { timestamp, headers })).toMatchObject([{ reference }]);
    const commonHeaders = { messageId };
    expect(await read({ eventType: 'Delivery' }, { timestamp, commonHeaders })).toMatchObject([
      { reference },
    ]);
  });

  it('is no news while the mail is under way, when it is of another, or when it was no spam', async () => {
    for (const eventType of ['Send', 'DeliveryDelay', 'Rendering Failure'])
      expect(await read({ eventType })).toEqual([]);
    expect(await read({ eventType: 'Delivery' }, { ...mail, tags: { carillon: ['x'] } })).toEqual([]);
    const complaint = { complaintFeedbackType: 'not-spam' };
    expect(await read({ eventType: 'Complaint', complaint })).toEqual([]);
  });
});

it('settings for SES are shown without the secret', () => {
  const shown = sesKind.show(settings);
  expect(shown).toMatchObject({ base_url: 'https://email.eu-central-1.amazonaws.com', topic_arn: TOPIC });
  expect(JSON.stringify(shown)).not.toContain('hidden-word');
});
