import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newTimedId } from '../../../platform/ids.ts';
import { channelsForTests, content, envelopeTo } from '../fixtures/channels-stage.ts';

const stage = channelsForTests();

/** Sends a mail with the placeholder in its texts, and reads its link where it stands in the header. */
async function sendWithWayOut() {
  const envelope = envelopeTo('anna@example.com');
  const html = '<body><a href="[unsubscribe_url]">no more</a></body>';
  await stage().send({
    ...envelope,
    content: { ...content, html, text: '[unsubscribe_url]', unsubscribeFrom: stage().appId, headers: {} },
  });
  const [listed] = (await stage().list()).messages;
  const mail = await stage().read<{ html: string; text: string; headers: { name: string; value: string }[] }>(
    `/sandbox/messages/${listed?.id}`,
  );
  const header = (name: string) => mail.headers.find((one) => one.name === name)?.value;
  return { envelope, mail, header, url: /^<(.+)>$/.exec(header('List-Unsubscribe') ?? '')?.[1] ?? '' };
}

const unsubscribed = () => stage().told.filter(({ kind }) => kind === 'unsubscribed');

describe('the way out of mails', () => {
  it('stands in the header for mail programs, and wherever the mail asks for it, uncounted', async () => {
    const { mail, header, url } = await sendWithWayOut();
    expect(url).toMatch(new RegExp(`^${stage().address}/t/u/[\\w-]+$`));
    expect(header('List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    expect(mail.html).toContain(`<a href="${url}">no more</a>`);
    expect(mail.text).toBe(url);
  });

  it('ends nothing when it is only looked at', async () => {
    const { url } = await sendWithWayOut();
    for (const method of ['GET', 'HEAD']) {
      const answer = await fetch(url, { method });
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    }
    expect(await (await fetch(url)).text()).toContain('<form method="post">');
    expect(stage().ended).toEqual([]);
    expect(unsubscribed()).toEqual([]);
  });

  it('ends the mails at one press, and is one event of its mail however often it is used', async () => {
    const { envelope, url } = await sendWithWayOut();
    const { subscriptionId } = envelope.recipient;
    for (let time = 0; time < 2; time += 1) {
      const answer = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('You are unsubscribed');
    }
    expect(stage().ended[0]).toEqual([stage().appId, subscriptionId, 'unsubscribe link']);
    const { messageId, lane } = envelope;
    expect(unsubscribed()[0]).toMatchObject({ messageId, lane, subscriptionId, reason: 'unsubscribe link' });
    expect(new Set(unsubscribed().map(({ id }) => id)).size).toBe(1);
  });

  it('is refused when it was changed', async () => {
    const { url } = await sendWithWayOut();
    for (const method of ['GET', 'POST']) expect((await fetch(`${url}x`, { method })).status).toBe(404);
    expect(stage().ended).toEqual([]);
  });

  it('is a route of the API for pages of one’s own', async () => {
    const { envelope, url } = await sendWithWayOut();
    const token = url.slice(url.lastIndexOf('/') + 1);
    const post = async (messageId: string, query: string) => {
      const path = `/apps/${stage().appId}/notifications/${messageId}/unsubscribe${query}`;
      const answer = await fetch(`${stage().address}${path}`, { method: 'POST' });
      return [answer.status, await answer.json()] as const;
    };
    expect(await post(envelope.messageId, `?token=${token}`)).toEqual([202, { success: 'true' }]);
    expect(stage().ended).toEqual([[stage().appId, envelope.recipient.subscriptionId, 'unsubscribe API']]);
    const forbidden = [403, { errors: ['Forbidden'] }];
    expect(await post(newTimedId(Date.now()), `?token=${token}`)).toEqual(forbidden);
    expect(await post(envelope.messageId, '?token=x')).toEqual(forbidden);
    expect((await post(envelope.messageId, ''))[0]).toBe(400);
    stage().unknown = envelope.recipient.subscriptionId;
    const gone = await post(envelope.messageId, `?token=${token}`);
    stage().unknown = '';
    expect(gone).toEqual([404, { errors: [{ code: 'subscription-0', title: 'Subscription not found' }] }]);
  });
});

const report = (headers: Record<string, string>) =>
  fetch(`${stage().address}/channels/email/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ events: [] }),
  });

describe('what comes from outside', () => {
  it('a damaged link leads nowhere', async () => {
    for (const token of ['x', 'a'.repeat(80), encodeURIComponent('https://evil.example/')]) {
      const response = await fetch(`${stage().address}/t/c/${token}`, { redirect: 'manual' });
      expect(response.status).toBe(404);
      expect(response.headers.get('location')).toBeNull();
      expect((await fetch(`${stage().address}/t/o/${token}`)).status).toBe(404);
    }
    expect(stage().told).toEqual([]);
  });

  it('a report without the right signature is refused', async () => {
    expect((await report({})).status).toBe(401);
    const forged = {
      'webhook-id': 'x',
      'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      'webhook-signature': `v1,${randomBytes(32).toString('base64')}`,
    };
    expect((await report(forged)).status).toBe(401);
  });

  it('a person is sent on although the click could not be recorded', async () => {
    await stage().send(envelopeTo('anna@example.com'));
    stage().failing = true;
    const [listed] = (await stage().list()).messages;
    const { html } = await stage().read<{ html: string }>(`/sandbox/messages/${listed?.id}`);
    const [, link = ''] = /<a href="([^"]+)"/.exec(html) ?? [];
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
    stage().failing = false;
  });

  it('a look ahead with HEAD is nobody opening anything', async () => {
    await stage().send(envelopeTo('anna@example.com'));
    await expect.poll(() => stage().told).toHaveLength(1);
    const [listed] = (await stage().list()).messages;
    const { html } = await stage().read<{ html: string }>(`/sandbox/messages/${listed?.id}`);
    const [, pixel = ''] = /<img src="([^"]+)"/.exec(html) ?? [];
    const [, link = ''] = /<a href="([^"]+)"/.exec(html) ?? [];
    await fetch(pixel, { method: 'HEAD' });
    await fetch(link, { method: 'HEAD', redirect: 'manual' });
    expect(stage().told).toHaveLength(1);
  });
});
