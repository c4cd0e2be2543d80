import { describe, expect, it } from 'vitest';
import { isSignedWebhook } from '../../provider-events/signed-webhook.ts';
import type { EndpointSettings } from '../endpoint-settings.ts';
import type { PostContent } from '../post.ts';
import { makeWebhookSecret, secretBytes } from '../webhook-secret.ts';
import { wireOf } from './wire-of.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const SECRET = makeWebhookSecret();
const SETTINGS: Readonly<Record<EndpointSettings['kind'], EndpointSettings>> = {
  webhook: { kind: 'webhook', url: 'https://shop.example/hook', headers: { 'x-key': 'k' }, secret: SECRET },
  slack: { kind: 'slack', url: 'https://hooks.slack.com/services/x' },
  discord: { kind: 'discord', url: 'https://discord.com/api/webhooks/1/x' },
  teams: { kind: 'teams', url: 'https://x.logic.azure.com/workflows/x' },
};
type Kind = EndpointSettings['kind'];

const content = (more: Partial<PostContent> = {}): PostContent => ({
  text: 'Hello',
  title: null,
  link: null,
  data: null,
  ...more,
});
function write(kind: Kind, more: Partial<PostContent> = {}) {
  const post = { id: 'p1', endpoint: 'room', createdAt: NOW - 5_000, content: content(more) };
  const { headers, body } = wireOf(kind).write(SETTINGS[kind], post, NOW);
  return { headers, body, said: JSON.parse(body) };
}
const check = (kind: Kind, more: Partial<PostContent>) => wireOf(kind).check(content(more));
const read = (kind: Kind, status: number, body: string | object = '', headers = {}) =>
  wireOf(kind).read(
    { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) },
    NOW,
  );
const named = (rule: RegExp) =>
  expect.objectContaining({
    code: 'request-invalid',
    params: expect.objectContaining({ rule: expect.stringMatching(rule) }),
  });
const refusal = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
};

describe('a post to a webhook', () => {
  it('is JSON with what was given, signed for the moment of the try', () => {
    const { headers, body, said } = write('webhook', { title: 'T', data: { order: 7 } });
    expect(said).toEqual({
      type: 'endpoint.post',
      timestamp: '2026-11-26T11:59:55.000Z',
      id: 'p1',
      endpoint: 'room',
      text: 'Hello',
      title: 'T',
      data: { order: 7 },
    });
    expect(headers).toMatchObject({
      'x-key': 'k',
      'webhook-id': 'p1',
      'webhook-timestamp': `${NOW / 1_000}`,
    });
    expect(isSignedWebhook(secretBytes(SECRET), headers, NOW, body)).toBe(true);
    expect(isSignedWebhook(secretBytes(SECRET), headers, NOW, `${body} `)).toBe(false);
  });

  it('needs a text or data, of 64 KiB at most', () => {
    check('webhook', { text: null, data: [1] });
    check('webhook', { text: null, data: false });
    expect(refusal(() => check('webhook', { text: null }))).toEqual(named(/must be given, or data/));
    expect(refusal(() => check('webhook', { data: 'x'.repeat(65_536) }))).toEqual(
      named(/at most 65536 bytes/),
    );
  });
});

describe('a post to Slack', () => {
  it('can call nobody and link nowhere but by its link', () => {
    expect(
      write('slack', { text: '<!channel> <@U1> a&b', title: '<T>', link: 'https://x.example/?a=1&b=2' }).said,
    ).toEqual({
      text: '*&lt;T&gt;*\n&lt;!channel&gt; &lt;@U1&gt; a&amp;b\n<https://x.example/?a=1&amp;b=2>',
    });
  });

  it('is refused when Slack would cut it off', () => {
    check('slack', { text: 'x'.repeat(40_000) });
    expect(refusal(() => check('slack', { text: 'x'.repeat(40_000), title: 'T' }))).toEqual(
      named(/at most 40000 characters for Slack, and makes one of 40004/),
    );
  });

  it.each([
    [200, 'ok', { state: 'sent' }],
    [404, 'no_service', { state: 'failed', reason: 'answered 404: no_service' }],
    [404, 'channel_not_found', { state: 'failed', reason: 'answered 404: channel_not_found' }],
    [500, 'channel_is_archived', { state: 'failed', reason: 'answered 500: channel_is_archived' }],
    [400, 'invalid_payload', { state: 'failed', reason: 'answered 400: invalid_payload' }],
    [500, 'rollup_error', { state: 'retry', reason: 'answered 500: rollup_error', afterMs: null }],
    [502, '<html>', { state: 'retry', reason: 'answered 502', afterMs: null }],
  ])('that is answered with %i %s', (status, body, outcome) => {
    expect(read('slack', status, body)).toEqual(outcome);
  });

  it('waits as long as Slack asks', () => {
    expect(read('slack', 429, 'rate_limited', { 'retry-after': '30' })).toEqual({
      state: 'retry',
      reason: 'answered 429: rate_limited',
      afterMs: 30_000,
    });
  });
});

describe('a post to Discord', () => {
  it('calls nobody, whatever it says', () => {
    expect(write('discord', { text: '@everyone <@1>' }).said).toEqual({
      content: '@everyone <@1>',
      embeds: [],
      allowed_mentions: { parse: [] },
    });
  });

  it('has a title and a link as an embed', () => {
    const link = 'https://x.example/7';
    expect(write('discord', { title: 'T', link }).said.embeds).toEqual([{ title: 'T', url: link }]);
    expect(write('discord', { title: 'T' }).said.embeds).toEqual([{ title: 'T' }]);
    expect(write('discord', { link }).said.embeds).toEqual([{ title: 'x.example', url: link }]);
  });

  it('is refused when it is too long, says nothing, or has data', () => {
    check('discord', { text: 'x'.repeat(2_000) });
    expect(refusal(() => check('discord', { text: 'x'.repeat(2_001) }))).toEqual(
      named(/at most 2000 characters/),
    );
    expect(refusal(() => check('discord', { text: ' \n' }))).toEqual(named(/takes no empty post/));
    expect(refusal(() => check('discord', { data: {} }))).toEqual(named(/is for webhooks/));
  });

  it('waits as long as the body of a 429 says, which is more exact than the header', () => {
    const body = { message: 'You are being rate limited.', retry_after: 0.31, global: false };
    expect(read('discord', 429, body, { 'retry-after': '1' })).toEqual({
      state: 'retry',
      reason: 'answered 429',
      afterMs: 310,
    });
    expect(read('discord', 429, '<html>', { 'retry-after': '2' })).toMatchObject({ afterMs: 2_000 });
  });

  it('is over when the webhook is gone', () => {
    expect(read('discord', 204)).toEqual({ state: 'sent' });
    expect(read('discord', 404, { message: 'Unknown Webhook', code: 10015 })).toEqual({
      state: 'failed',
      reason: 'answered 404: 10015 Unknown Webhook',
    });
  });
});

describe('a post to Teams', () => {
  it('is an Adaptive Card that mentions nobody', () => {
    const { said } = write('teams', { text: '<at>Ann</at>', title: 'T', link: 'https://x.example/7' });
    expect(said).toEqual({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              { type: 'TextBlock', text: 'T', weight: 'Bolder', wrap: true },
              { type: 'TextBlock', text: '<at>Ann</at>', wrap: true },
            ],
            actions: [{ type: 'Action.OpenUrl', title: 'x.example', url: 'https://x.example/7' }],
          },
        },
      ],
    });
  });

  it('is refused when it is larger than Teams takes, counted in bytes', () => {
    check('teams', { text: 'x'.repeat(27_000) });
    expect(refusal(() => check('teams', { text: 'ü'.repeat(14_000) }))).toEqual(named(/at most 28000 bytes/));
  });

  it.each([
    [202, '', { state: 'sent' }],
    [
      404,
      { error: { code: 'WorkflowNotFound', message: '…' } },
      { state: 'failed', reason: 'answered 404: WorkflowNotFound' },
    ],
    [429, '', { state: 'retry', reason: 'answered 429', afterMs: null }],
  ])('that is answered with %i', (status, body, outcome) => {
    expect(read('teams', status, body)).toEqual(outcome);
  });
});

describe('an answer that has no words of its kind', () => {
  it.each([200, 204, 299])('%i takes the post', (status) => {
    expect(read('webhook', status)).toEqual({ state: 'sent' });
  });
  it.each([408, 425, 429, 500, 503])('%i is asked again', (status) => {
    expect(read('webhook', status)).toMatchObject({ state: 'retry' });
  });
  it.each([301, 400, 401, 403, 404, 410, 422])('%i is the end', (status) => {
    expect(read('webhook', status)).toMatchObject({ state: 'failed' });
  });
});
