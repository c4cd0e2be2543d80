import { describe, expect, it } from 'vitest';
import { channelsForTests, envelopeTo } from '../../fixtures/channels-stage.ts';

const stage = channelsForTests();

describe('a mail on its way through the sandbox', () => {
  it('arrives as it was written', async () => {
    const envelope = envelopeTo('anna@example.com');
    expect(await stage().send(envelope)).toEqual([{ state: 'sent', ref: null }]);
    const [listed] = (await stage().list()).messages;
    expect(listed).toMatchObject({
      to: 'anna@example.com',
      from: { name: 'The Shop, Inc.', address: 'shop@shop.example' },
      subject: 'Größe & Glück 🎁',
      preview: 'A <little> preview',
      message_id: envelope.messageId,
      subscription_id: envelope.recipient.subscriptionId,
    });
    const mail = await stage().read<{
      html: string;
      text: string;
      raw: string;
      headers: { name: string; value: string }[];
    }>(`/sandbox/messages/${listed?.id}`);
    expect(mail.text).toBe('Hi Größe');
    expect(mail.headers).toContainEqual({ name: 'List-Unsubscribe', value: '<https://shop.example/u>' });
    expect(mail.headers).toContainEqual({ name: 'Reply-To', value: 'help@shop.example' });
  });

  it('is reported, and its pixel and its links are', async () => {
    const envelope = envelopeTo('anna@example.com');
    await stage().send(envelope);
    const [listed] = (await stage().list()).messages;
    const { html } = await stage().read<{ html: string }>(`/sandbox/messages/${listed?.id}`);
    const [, pixel = ''] = /<img src="([^"]+)"/.exec(html) ?? [];
    const image = await fetch(pixel);
    expect([image.status, image.headers.get('content-type'), image.headers.get('cache-control')]).toEqual([
      200,
      'image/gif',
      'no-store',
    ]);
    const [, link = ''] = /<a href="([^"]+)"/.exec(html) ?? [];
    const click = await fetch(link, { redirect: 'manual' });
    expect([click.status, click.headers.get('location')]).toEqual([
      302,
      'https://shop.example/o?a=1&b=%C3%BC',
    ]);
    await expect
      .poll(() =>
        stage()
          .told.map(({ kind }) => kind)
          .sort(),
      )
      .toEqual(['clicked', 'delivered', 'opened']);
    const { messageId, lane, recipient } = envelope;
    for (const event of stage().told) {
      expect(event).toMatchObject({ messageId, lane, subscriptionId: recipient.subscriptionId });
    }
    expect(stage().told.find(({ kind }) => kind === 'clicked')?.url).toBe('https://shop.example/o?a=1&b=ü');
    const { events } = await stage().read<{ events: unknown[] }>(`/sandbox/messages/${listed?.id}`);
    expect(events).toHaveLength(3);
  });

  it('that bounces is accepted first and reported as bounced', async () => {
    expect(await stage().send(envelopeTo('bounce@example.com'))).toEqual([{ state: 'sent', ref: null }]);
    await expect.poll(() => stage().told.map(({ kind }) => kind)).toEqual(['bounced']);
    expect(stage().told[0]?.reason).toMatch(/^550/);
  });

  it('is reported again until the platform has taken it', async () => {
    stage().failing = true;
    await stage().send(envelopeTo('anna@example.com'));
    await expect.poll(() => stage().sandbox.box.unreported(0, 10)).toHaveLength(1);
    stage().failing = false;
    await expect.poll(() => stage().told.map(({ kind }) => kind)).toEqual(['delivered']);
    await expect.poll(() => stage().sandbox.box.unreported(0, 10)).toHaveLength(0);
  });

  it('that the platform does not know yet holds up no other', async () => {
    const page = Array.from({ length: 9 }, (_, index) => envelopeTo(`p${index}@example.com`));
    stage().unknown = page[4]?.recipient.subscriptionId ?? '';
    await stage().send(...page);
    await expect.poll(() => new Set(stage().told.map(({ id }) => id)).size).toBe(8);
    stage().unknown = '';
    await expect.poll(() => new Set(stage().told.map(({ id }) => id)).size, { timeout: 5_000 }).toBe(9);
  });

  it('that arrives twice is counted twice and told once in effect', async () => {
    const envelope = envelopeTo('anna@example.com');
    const other = envelopeTo('ben@example.com');
    await stage().send(envelope, other);
    await stage().send({ ...envelope, attempt: 2 });
    const counts = await stage().read<{ arrived: number; distinct: number; repeated: { count: number }[] }>(
      '/sandbox/arrivals',
    );
    expect(counts).toMatchObject({ arrived: 3, distinct: 2, repeated: [{ count: 2 }] });
    await expect.poll(() => stage().told).toHaveLength(3);
    expect(new Set(stage().told.map(({ id }) => id)).size).toBe(2);
  });
});

describe('the inbox', () => {
  it('is read page by page, newest first, and keeps only the newest', async () => {
    const page = Array.from({ length: 70 }, (_, index) => envelopeTo(`n${index}@example.com`));
    for (const envelope of page) await stage().send(envelope);
    const seen: string[] = [];
    for (let query: string | null = '?limit=20'; query !== null;) {
      const { messages, next_cursor } = await stage().list(query);
      seen.push(...messages.map(({ to }) => to));
      query = next_cursor === null ? null : `?limit=20&cursor=${next_cursor}`;
    }
    expect(seen).toEqual(
      page
        .map(({ recipient }) => recipient.token)
        .slice(20)
        .toReversed(),
    );
  });

  it('finds by a part of the address and by message', async () => {
    const envelope = envelopeTo('Carla@Example.com');
    await stage().send(envelope, envelopeTo('ben@example.com'));
    expect((await stage().list('?recipient=carla')).messages).toHaveLength(1);
    expect((await stage().list('?recipient=%25')).messages).toHaveLength(0);
    expect((await stage().list(`?message_id=${envelope.messageId}`)).messages).toHaveLength(1);
  });

  it('shows a mail in a document that can do nothing', async () => {
    await stage().send(envelopeTo('anna@example.com'));
    const [listed] = (await stage().list()).messages;
    const page = await fetch(`${stage().address}/sandbox/messages/${listed?.id}/html`);
    expect(page.headers.get('content-security-policy')).toMatch(/^sandbox allow-popups /);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('<base target="_blank">');
  });

  it('is for this machine alone', async () => {
    const { http } = stage();
    const inject = (remoteAddress: string, headers = {}) =>
      http.inject({ url: '/sandbox/messages', remoteAddress, headers });
    expect((await inject('127.0.0.1')).statusCode).toBe(200);
    expect((await inject('::ffff:127.0.0.1')).statusCode).toBe(200);
    expect((await inject('192.168.1.7')).statusCode).toBe(403);
    expect((await inject('127.0.0.1', { 'x-forwarded-for': '8.8.8.8' })).statusCode).toBe(403);
  });

  it('is served with everything that its page needs, from here alone', async () => {
    for (const path of [
      '/sandbox',
      '/sandbox/inbox.css',
      '/sandbox/inbox.js',
      '/sandbox/page.js',
      '/sandbox/device-views.js',
      '/sandbox/device-views.css',
      '/sandbox/mark.svg',
    ]) {
      const response = await fetch(`${stage().address}${path}`);
      expect(response.status).toBe(200);
      expect(await response.text()).not.toMatch(/(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?\/\//);
    }
  });

  it('answers 404 for a message that it does not have', async () => {
    expect((await fetch(`${stage().address}/sandbox/messages/999999999`)).status).toBe(404);
    expect((await fetch(`${stage().address}/sandbox/messages/999999999/html`)).status).toBe(404);
  });
});
