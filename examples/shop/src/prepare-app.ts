import { readFile } from 'node:fs/promises';
import { required } from '@carillon/client';
import type { Client } from '@carillon/client';

interface ShopTemplate {
  readonly name: string;
  readonly file: string;
  readonly subject: string;
  readonly preheader: string;
}

const ORDER_SHIPPED: ShopTemplate = {
  name: 'order-shipped',
  file: 'order-shipped.html',
  subject: 'Order {{ message.custom_data.order_id }} is on its way',
  preheader: 'Handed to {{ message.custom_data.carrier }} just now.',
};

const FOLLOW_UP: ShopTemplate = {
  name: 'parcel-follow-up',
  file: 'parcel-follow-up.html',
  subject: 'While you wait for your parcel',
  preheader: 'Ten minutes with a rag and some oil.',
};

/** The subject of the journey's mail. */
export const FOLLOW_UP_SUBJECT = FOLLOW_UP.subject;

/** The shortest wait that a journey may have. */
export const JOURNEY_WAIT_S = 60;

const JOURNEY = 'After the parcel has left';

/** Templates and the journey, made or brought up to date. Repeating it changes nothing. */
export async function prepareApp(client: Client): Promise<void> {
  await putTemplate(client, ORDER_SHIPPED);
  const followUp = await putTemplate(client, FOLLOW_UP);
  await putJourney(client, followUp);
}

async function putTemplate(
  client: Client,
  { name, file, subject, preheader }: ShopTemplate,
): Promise<string> {
  const content = {
    name,
    isEmail: true,
    email_subject: subject,
    email_preheader: preheader,
    email_from_name: 'Fern & Kettle',
    email_body: await readFile(new URL(`../templates/${file}`, import.meta.url), 'utf8'),
  };
  const { templates } = required(await client.templates.list());
  const there = templates.find((template) => template.name === name);
  const kept =
    there === undefined
      ? await client.templates.create(content)
      : await client.templates.update(there.id, content);
  return required(kept).id;
}

async function putJourney(client: Client, templateId: string): Promise<void> {
  const { journeys } = required(await client.journeys.list());
  const there = journeys.find(({ name, state }) => name === JOURNEY && state !== 'archived');
  const { id, state } =
    there ??
    required(
      await client.journeys.create({
        name: JOURNEY,
        audience: { kind: 'event_trigger', name: 'order_shipped' },
        nodes: [
          { kind: 'wait', duration_seconds: JOURNEY_WAIT_S },
          { kind: 'send_email', template_id: templateId },
        ],
      }),
    );
  if (state !== 'active') required(await client.journeys.update(id, { state: 'active' }));
}
