import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

const BODY = `<a href="https://shop.example/o?a=1&amp;b={{ message.custom_data.b }}#top">order</a>
  <a href="https://shop.example/n?utm_source=own">news</a> <a href="mailto:x@shop.example">mail</a>
  <a href="[unsubscribe_url]">no more</a>`;

let server: MailingServer;
let number = 0;
beforeAll(async () => {
  server = await MailingServer.start();
});
afterAll(() => server.stop());

/** The links of the mail that a message makes; tracked ones by where they lead. */
async function linksOf(message: object): Promise<string[]> {
  number += 1;
  const email = `reader-${number}@example.com`;
  await server.sendAndWait(email, { email_body: BODY, custom_data: { b: 'x' }, ...message });
  const [arrived] = await server.arrived(email);
  const written = [...String(arrived?.mail.html).matchAll(/<a href="([^"]*)"/g)].map(
    ([, link]) => link ?? '',
  );
  return Promise.all(written.map(targetOf));
}

async function targetOf(link: string): Promise<string> {
  const address = link.replaceAll('&amp;', '&');
  if (!address.startsWith(`${server.carillon.url}/t/c/`)) return address;
  return (await fetch(address, { redirect: 'manual' })).headers.get('location') ?? '';
}

const setPolicy = (utm: object | null) =>
  server.done('PATCH', server.of('policy'), { utm }, server.carillon.organizationKey);

const unsubscribe = expect.stringMatching(/\/t\/u\/[\w-]+$/);

describe('the links of an email', () => {
  it.each([
    ['tracked', {}],
    ['not tracked', { disable_email_click_tracking: true }],
  ])('carry what the app and the message say, where they are %s', async (_, tracking) => {
    await setPolicy({ source: 'shop', medium: 'email' });
    expect(await linksOf({ email_utm: { campaign: 'May & June', medium: null }, ...tracking })).toEqual([
      'https://shop.example/o?a=1&b=x&utm_source=shop&utm_campaign=May%20%26%20June#top',
      'https://shop.example/n?utm_source=own&utm_campaign=May%20%26%20June',
      'mailto:x@shop.example',
      unsubscribe,
    ]);
  });

  it('carry it in the plain text too', async () => {
    await setPolicy({ source: 'shop' });
    await server.sendAndWait('text@example.com', { email_body: BODY, custom_data: { b: 'x' } });
    const [arrived] = await server.arrived('text@example.com');
    expect(arrived?.mail.text).toContain('order (https://shop.example/o?a=1&b=x&utm_source=shop#top)');
    expect(arrived?.mail.text).toMatch(/no more \(http:\/\/[^?]*\/t\/u\/[\w-]+\)/);
  });

  it('carry what a template says, until the message says something else', async () => {
    await setPolicy(null);
    const template = await server.done('POST', '/templates', {
      app_id: server.carillon.appId,
      name: 'News',
      isEmail: true,
      email_subject: 'News',
      email_body: BODY,
      email_utm: { source: 'template' },
    });
    expect(template.content.email_utm).toEqual({ source: 'template' });
    const [first] = await linksOf({ template_id: template.id, email_body: undefined });
    expect(first).toBe('https://shop.example/o?a=1&b=x&utm_source=template#top');
    const [second] = await linksOf({
      template_id: template.id,
      email_body: undefined,
      email_utm: { term: 'x' },
    });
    expect(second).toBe('https://shop.example/o?a=1&b=x&utm_term=x#top');
  });

  it('are as they were written where nothing is said', async () => {
    await setPolicy(null);
    expect(await linksOf({})).toEqual([
      'https://shop.example/o?a=1&b=x#top',
      'https://shop.example/n?utm_source=own',
      'mailto:x@shop.example',
      unsubscribe,
    ]);
  });

  it.each([
    ['Liquid', { source: '{{ first_name }}' }, /^email_utm\.source is not filled in for each person/],
    ['a name that is none', { utm_source: 'x' }, /^email_utm\.utm_source is not known here/],
    [
      'too long a text',
      { source: 'x'.repeat(256) },
      /^email_utm\.source must be at most 255 characters long/,
    ],
  ])('are not tagged with %s', async (_, email_utm, sentence) => {
    const { status, body } = await server.send({ email_to: ['reader@example.com'], email_utm });
    expect([status, body.errors[0]]).toEqual([400, expect.stringMatching(sentence)]);
  });

  it('show in the view of a message what was asked', async () => {
    const view = await server.sendAndWait('viewed@example.com', { email_utm: { source: 'x' } });
    expect(view.email_utm).toEqual({ source: 'x' });
  });
});
