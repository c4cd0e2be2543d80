import { Firefox, findFirefox, until } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

/** A Firefox may have to be installed first. */
const PREPARE_MS = 300_000;
const TOKEN = 'ab'.repeat(32);
const PHONE = '+4915112345678';

/** The sandbox's page in a real browser, on a server where nobody has set an account. */
describe('the page of the sandbox', () => {
  let server: MailingServer;
  let firefox: Firefox;
  let missing = '';

  beforeAll(async () => {
    server = await MailingServer.start();
    const found = await findFirefox();
    if (found.path === null) {
      missing = found.reason;
      console.error(`The sandbox's page is not tried with a browser: ${missing}`);
      return;
    }
    firefox = await Firefox.start({ path: found.path, pushService: 'http://127.0.0.1:9' });
    await server.done('POST', server.of('users'), {
      identity: { external_id: 'ann' },
      subscriptions: [
        { type: 'iOSPush', token: TOKEN },
        { type: 'SMS', token: PHONE },
      ],
    });
  }, PREPARE_MS);
  beforeEach(({ skip }) => skip(missing !== '', missing));
  afterAll(async () => {
    if (missing === '') await firefox.close();
    await server.stop();
  });

  const post = (message: object): Promise<Body> =>
    server.done('POST', '/notifications', {
      app_id: server.carillon.appId,
      include_aliases: { external_id: ['ann'] },
      ...message,
    });

  /** Sends a message, and opens it on the page once it is shown there. */
  async function open(recipient: string, message: object): Promise<string> {
    const { id } = await post(message);
    await server.ended(id);
    const query = new URLSearchParams({ recipient, message_id: id });
    const { messages } = await server.done('GET', `/sandbox/messages?${query}`);
    await firefox.visit(`${server.carillon.url}/sandbox?${id}#${messages[0].id}`);
    await until('the message is open', () => isShown('.acts'));
    return id;
  }

  const isShown = (selector: string) =>
    firefox.run<boolean>('return document.querySelector(arguments[0]) !== null', [selector]);
  const textOf = (selector: string) =>
    firefox.run<string>('return document.querySelector(arguments[0])?.innerText ?? ""', [selector]);
  const press = (label: string) =>
    firefox.run<void>(
      'for (const button of document.querySelectorAll(".act")) if (button.textContent === arguments[0]) button.click();',
      [label],
    );

  it('shows a push as a telephone does, whatever it says, and tells of a tap', async () => {
    const contents = { en: '<img src=x onerror="document.title=1">' };
    const id = await open(TOKEN, { target_channel: 'push', headings: { en: 'Packed' }, contents });
    expect(await textOf('.iphone .title')).toBe('Packed');
    expect(await textOf('.iphone .body')).toBe(contents.en);
    await press('Tap it');
    await until('the tap is shown', () => isShown('#events .clicked'));
    expect(await server.view(id)).toMatchObject({ converted: 1 });
    await press('Uninstall the app');
    await until('the app is gone', async () => (await textOf('.acts')).includes('The app is gone from here'));
    const { id: next } = await post({ target_channel: 'push', contents: { en: 'Again' } });
    expect(await server.ended(next)).toMatchObject({ successful: 0, errored: 1 });
  });

  it('shows a text message with its segments, and texts STOP', async () => {
    const text = 'Packed. '.repeat(30).trim();
    await open(PHONE, { target_channel: 'sms', contents: { en: text } });
    expect(await textOf('.bubble')).toBe(text);
    expect(await textOf('.counts')).toBe('2 segments · GSM-7 · 239 units, room for 67 more');
    await press('STOP');
    await until('it was sent', async () => (await textOf('.outcome')) === '“STOP” was sent.');
    expect(await post({ target_channel: 'sms', contents: { en: 'Again' } })).toMatchObject({ id: '' });
  });
});
