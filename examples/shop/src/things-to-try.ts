import type pg from 'pg';
import type { DemoSettings } from './settings.ts';

/** What is running, and three things to try, as text for the terminal. */
export async function thingsToTry(
  { url, appId, apiKey, shopDatabaseUrl }: DemoSettings,
  shop: pg.Pool,
): Promise<string> {
  const { rows } = await shop.query<{ id: number; email: string; customer_id: number }>(
    `SELECT o.id, c.email, c.id AS customer_id FROM orders o JOIN customers c ON c.id = o.customer_id
     WHERE o.status = 'packed' AND c.wants_mail ORDER BY o.id LIMIT 1`,
  );
  const { id, email, customer_id } = rows[0] ?? { id: 1001, email: 'its customer', customer_id: 1 };
  const message = {
    app_id: appId,
    include_aliases: { external_id: [String(customer_id)] },
    target_channel: 'email',
    email_subject: 'Hello {{ first_name }}',
    email_body:
      '<p>You have ordered {{ orders }} times. <a href="https://shop.example.com">Thank you.</a></p>',
  };
  const text = {
    app_id: appId,
    include_phone_numbers: ['+4915112345678'],
    contents: { en: 'Your order is packed.' },
  };
  return `
  Carillon is running, and the connector watches the shop.

    API            ${url}
    API page       ${url}/docs
    Inbox          ${url}/sandbox
    App id         ${appId}
    API key        ${apiKey}
    Shop database  ${shopDatabaseUrl}

  Three things to try, in another terminal:

  1. Ship an order. The mail to ${email} is in the inbox a moment later.

     npm run sql -- "UPDATE orders SET status = 'shipped', carrier = 'Northline', tracking_code = 'NL42' WHERE id = ${id}"

     or, for the next order that is packed:  npm run demo:ship

  2. Send a message.

     curl -s ${url}/notifications -H 'Authorization: Key ${apiKey}' -H 'Content-Type: application/json' \\
       -d '${JSON.stringify(message)}'

     or a text message, which is in the inbox too, and can be answered there with STOP:

     curl -s ${url}/notifications -H 'Authorization: Key ${apiKey}' -H 'Content-Type: application/json' \\
       -d '${JSON.stringify(text)}'

  3. Open the inbox at ${url}/sandbox, look at the mail, follow a link. Then see it in the shop's table:

     npm run sql -- "SELECT occurred_at, kind, external_id, url FROM message_events ORDER BY position DESC LIMIT 10"

  A minute after an order has shipped, a journey writes to its customer again.
  Ctrl-C stops everything; the data stays for the next start.
`;
}
