import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

let server: MailingServer;
let number = 0;
beforeAll(async () => {
  server = await MailingServer.start();
});
afterAll(() => server.stop());

/** The address that the mail of a message came from. */
async function senderOf(message: object): Promise<string | undefined> {
  number += 1;
  const email = `reader-of-senders-${number}@example.com`;
  await server.sendAndWait(email, { email_body: 'Hello', ...message });
  const [arrived] = await server.arrived(email);
  return arrived?.mail.from?.value[0]?.address;
}

describe('email_sender_domain', () => {
  it('stands in for the domain of the address that the message is from', async () => {
    expect(
      await senderOf({
        email_from_address: 'orders@shop.example',
        email_sender_domain: 'mail.shop.example',
      }),
    ).toBe('orders@mail.shop.example');
  });

  it('stands in for the domain of the provider’s own address', async () => {
    const own = await senderOf({});
    const name = own?.split('@')[0];
    expect(name).toBeTruthy();
    expect(await senderOf({ email_sender_domain: 'news.shop.example' })).toBe(`${name}@news.shop.example`);
  });
});
