import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_MAIL_KINDS, sandboxMailAccount } from '../modules/channels/index.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

let server: MailingServer;
beforeAll(async () => {
  server = await MailingServer.start();
});
afterAll(() => server.stop());

async function feedOf(messageId: string): Promise<string[]> {
  const { events } = await server.done('GET', server.of('feed?limit=1000'));
  const own = events.filter(({ message_id }: { message_id: string }) => message_id === messageId);
  return own.map(({ kind }: { kind: string }) => kind.replace('message.email.', '')).toSorted();
}

/** From a message to the feed: over the API of a provider, and back through its signed webhooks. */
describe.each(SANDBOX_MAIL_KINDS)('an app that sends through %s', (kind) => {
  const address = (word: string) => `${word}+${kind}@example.com`;
  const send = async (word: string, expected: readonly string[]) => {
    const view = await server.sendAndWait(address(word), {});
    expect(view).toMatchObject({ successful: 1 });
    await until(`${word} is told`, async () => (await feedOf(view.id)).length >= expected.length);
    expect(await feedOf(view.id)).toEqual(expected);
    return view.id;
  };
  const suppressed = async (word: string) =>
    (await server.call('GET', server.of(`suppressions/${encodeURIComponent(address(word))}`))).body.reason;

  beforeAll(async () => {
    const origin = server.carillon.sandbox?.mailApisOrigin ?? '';
    await server.done('PUT', server.of('channels/email'), sandboxMailAccount(kind, origin));
  });

  it('learns that a mail was delivered, and sees it in the inbox', async () => {
    const id = await send('anna', ['received', 'sent']);
    const { messages } = await server.done('GET', `/sandbox/messages?message_id=${id}`);
    expect(messages).toMatchObject([{ to: address('anna'), subject: 'Hello', fate: 'delivered' }]);
    expect(await suppressed('anna')).toBeUndefined();
  });

  it('learns of bounces, and tells those for good from those for the moment', async () => {
    await send('bounce', ['bounced', 'sent']);
    expect(await suppressed('bounce')).toBe('bounce');
    await send('soft', ['sent', 'soft_bounced']);
    expect(await suppressed('soft')).toBeUndefined();
  });

  it('learns of complaints, and writes to nobody who has complained', async () => {
    const id = await send('complain', ['received', 'reported_as_spam', 'sent']);
    expect(await suppressed('complain')).toBe('complaint');
    const { platform_delivery_stats } = await server.view(id);
    expect(platform_delivery_stats.email).toMatchObject({ reported_spam: 1, bounced: 0, received: 1 });
    const { body } = await server.send({ email_to: [address('complain')] });
    expect(body).toMatchObject({ id: '', errors: [expect.stringContaining('not subscribed')] });
  });

  it('learns what a person says in the inbox', async () => {
    const id = await send('dora', ['received', 'sent']);
    const { messages } = await server.done('GET', `/sandbox/messages?message_id=${id}`);
    await server.done('POST', `/sandbox/messages/${messages[0].id}/complain`);
    expect(await feedOf(id)).toEqual(['received', 'reported_as_spam', 'sent']);
  });
});
