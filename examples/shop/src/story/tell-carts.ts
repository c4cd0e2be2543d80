import { required } from '@carillon/client';
import type { Client } from '@carillon/client';
import type { SandboxInbox } from './sandbox-inbox.ts';
import type { SkippingClock } from './skipping-clock.ts';
import { step } from './steps.ts';
import { waitFor } from './wait-for.ts';

const JOURNEY = 'Abandoned cart';
/** How long that journey waits. */
const WAIT_MS = 3_600_000;

export interface CartsOptions {
  readonly client: Client;
  readonly clock: SkippingClock;
  readonly inbox: SandboxInbox;
  readonly customer: { readonly id: number; readonly email: string };
}

/** Two carts, of which one is bought: a run for each, a mail for the other, and a simulation that foretells it. */
export async function tellCarts({ client, clock, inbox, customer }: CartsOptions): Promise<void> {
  const began = clock.now();
  const carts = { left: `left-${began}`, bought: `bought-${began}` };
  const happen = async (name: string, cart_id: string, item: string) => {
    const event = { name, external_id: String(customer.id), properties: { cart_id, item, total: 40 } };
    required(await client.customEvents.create([event]));
  };

  const journey = await findJourney(client);
  const simulate = async () =>
    required(
      await client.journeys.simulate(journey, {
        from: new Date(began).toISOString(),
        users: [{ label: 'external_id', value: String(customer.id) }],
        include_texts: true,
      }),
    );

  const subject = await step('two carts are left, one is bought, one is not', async () => {
    await happen('cart_changed', carts.left, 'a copper kettle');
    await happen('cart_changed', carts.bought, 'a trowel');
    await happen('order_placed', carts.bought, 'a trowel');
    await waitFor('both runs', async () => (await simulate()).totals?.really.entered === 2);
    clock.skip(WAIT_MS);
    const mail = await waitFor('the reminder', () => inbox.find(customer.email, 'Still thinking'));
    if (!mail.subject.includes('copper kettle')) throw new Error(`the reminder is of "${mail.subject}"`);
    return { saw: `an hour later: "${mail.subject}", and nothing of the trowel`, value: mail.subject };
  });

  await step('a simulation of that past tells the same', async () => {
    const { people, totals } = await simulate();
    const sends = people.flatMap(({ runs }) => runs.flatMap((run) => run.sends));
    const foretold = sends.map(({ texts }) => texts?.rendered?.['email_subject']);
    if (foretold.length !== 1 || foretold[0] !== subject)
      throw new Error(`it tells of ${foretold.join(', ')}`);
    return { saw: `${totals?.entered} runs, ${totals?.really.both} of them real; "${subject}"`, value: null };
  });
}

async function findJourney(client: Client): Promise<string> {
  const { journeys } = required(await client.journeys.list());
  const found = journeys.find(({ name, state }) => name === JOURNEY && state === 'active');
  if (found === undefined) throw new Error(`no journey is called ${JOURNEY}`);
  return found.id;
}
