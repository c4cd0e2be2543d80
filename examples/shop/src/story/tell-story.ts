import { required } from '@carillon/client';
import type { Client } from '@carillon/client';
import type pg from 'pg';
import { FOLLOW_UP_SUBJECT, JOURNEY_WAIT_S } from '../prepare-app.ts';
import { placeOrder, register, ship } from '../shop/trade.ts';
import { SandboxInbox } from './sandbox-inbox.ts';
import type { SkippingClock } from './skipping-clock.ts';
import { step } from './steps.ts';
import { tellCarts } from './tell-carts.ts';
import { waitFor } from './wait-for.ts';

export interface StoryOptions {
  readonly url: string;
  readonly client: Client;
  readonly shop: pg.Pool;
  readonly clock: SkippingClock;
}

/**
 * One row all the way round: a new customer, an order that ships, the mail, what happens to it, and
 * all of that back in the shop's table. Takes a new customer and a new order each time, so it can be
 * told again after any end of the last telling.
 */
export async function tellStory({ url, client, shop, clock }: StoryOptions): Promise<void> {
  const inbox = new SandboxInbox(url);

  const customer = await step('a customer registers and is a user', async () => {
    const customer = await register(shop);
    const began = performance.now();
    const user = await waitFor('the user', () => viewUser(client, customer.id));
    const address = user.subscriptions.find(({ type }) => type === 'Email');
    if (user.properties.tags['first_name'] !== customer.first_name)
      throw new Error('the tag first_name is missing');
    if (address?.token !== customer.email) throw new Error('the email subscription is missing');
    return {
      saw: `external_id ${customer.id}, tag first_name "${customer.first_name}", ${address.token}`,
      value: customer,
      ms: performance.now() - began,
    };
  });

  const order = await step('an order is placed, and the tags know', async () => {
    const order = await placeOrder(shop, customer.id);
    const began = performance.now();
    const user = await waitFor('the tag', async () => {
      const user = await viewUser(client, customer.id);
      return user?.properties.tags['orders'] === '1' ? user : null;
    });
    const { orders = '', spent = '' } = user.properties.tags;
    return { saw: `orders ${orders}, spent ${spent}`, value: order, ms: performance.now() - began };
  });

  const mail = await step('the order ships, and the mail is in the inbox', async () => {
    await ship(shop, order);
    const began = performance.now();
    const mail = await waitFor('the mail', () => inbox.find(customer.email, `Order ${order} `));
    const ms = performance.now() - began;
    const html = await inbox.html(mail);
    for (const part of [customer.first_name, `Order ${order}`, 'Northline', 'Follow your parcel']) {
      if (!html.includes(part)) throw new Error(`"${part}" is not in the mail`);
    }
    return { saw: `"${mail.subject}" to ${mail.to}`, value: mail, ms };
  });

  const messageId = await step('the message is counted', async () => {
    const id = mail.message_id;
    if (id === null) throw new Error('the mail does not say which message it is');
    const view = await waitFor('the counts', async () => {
      const view = required(await client.notifications.view(id));
      return view.successful === 1 && view.received === 1 ? view : null;
    });
    return {
      saw: `GET /notifications/${id}: successful ${view.successful}, received ${view.received}`,
      value: id,
    };
  });

  await step('the shop’s table has it', () => seeKinds(shop, messageId, ['sent', 'delivered']));

  await step('the mail is opened and its link followed', async () => {
    await inbox.open(mail);
    const target = await inbox.click(mail);
    const { saw } = await seeKinds(shop, messageId, ['sent', 'delivered', 'opened', 'clicked']);
    return { saw: `${saw}; on to ${target}`, value: null };
  });

  const followUp = await step('a minute later the journey writes again', async () => {
    const mail = await waitFor('the follow-up', async () => {
      // The platform's clock is set forward instead of waiting. Again, should the event come in only now.
      clock.skip(JOURNEY_WAIT_S * 1000);
      return waitFor('the follow-up', () => inbox.find(customer.email, FOLLOW_UP_SUBJECT), 1500).catch(
        () => null,
      );
    });
    if (mail.message_id === null) throw new Error('the mail does not say which message it is');
    const { saw } = await seeKinds(shop, mail.message_id, ['sent', 'delivered']);
    return { saw: `"${mail.subject}"; ${saw}`, value: mail };
  });

  await tellCarts({ client, clock, inbox, customer });

  await step('they unsubscribe, and the shop’s row says so', async () => {
    await inbox.unsubscribe(followUp);
    const began = performance.now();
    await waitFor('wants_mail to be false', async () => {
      const { rows } = await shop.query<{ wants_mail: boolean }>(
        'SELECT wants_mail FROM customers WHERE id = $1',
        [customer.id],
      );
      return rows.length === 1 && !rows.some((row) => row.wants_mail);
    });
    const ms = performance.now() - began;
    const user = await viewUser(client, customer.id);
    const isOff = user?.subscriptions.find(({ type }) => type === 'Email')?.enabled === false;
    if (!isOff) throw new Error('the email subscription is on');
    return {
      saw: `customers.wants_mail is false for ${customer.id}, and their subscription is off`,
      value: null,
      ms,
    };
  });
}

async function viewUser(client: Client, customer: number) {
  const answer = await client.users.view({ label: 'external_id', id: String(customer) });
  if (!answer.ok && answer.failure.kind === 'not-found') return null;
  return required(answer);
}

/** Waits until the shop's table has all these kinds of events of a message, in this order. */
async function seeKinds(shop: pg.Pool, messageId: string, kinds: readonly string[]) {
  const found = await waitFor(`${kinds.join(', ')} in message_events`, async () => {
    const { rows } = await shop.query<{ kind: string }>(
      'SELECT kind FROM message_events WHERE message_id = $1 ORDER BY position',
      [messageId],
    );
    const there = rows.map(({ kind }) => kind);
    return kinds.every((kind) => there.includes(kind)) ? there : null;
  });
  return { saw: `message_events: ${found.join(', ')}`, value: null };
}
