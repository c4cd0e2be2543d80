import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventReceiver } from './fixtures/event-receiver.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

interface Told {
  readonly kind: string;
  readonly onesignal_id: string;
  readonly external_id: string | null;
  readonly subscription_id: string | null;
  readonly channel: string | null;
  readonly data: Record<string, unknown> | null;
}

let server: MailingServer;
let receiver: EventReceiver;
/** The end of the feed before each test. */
let begin: string;

beforeAll(async () => {
  receiver = await new EventReceiver().start();
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.1' });
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
});
beforeEach(async () => {
  const { event_streams: streams } = await server.done('GET', server.of('event_streams'));
  for (const { name } of streams) await server.done('DELETE', server.of(`event_streams/${name}`));
  await server.done('PUT', topics(), { topics: [] });
  begin = (await server.done('GET', server.of('feed?cursor=end'))).cursor;
});

const topics = () => server.of('feed/topics');

async function told(count: number): Promise<Told[]> {
  return until('the feed tells of it', async () => {
    const { events } = await server.done('GET', server.of(`feed?kinds=*&cursor=${begin}`));
    return events.length >= count && (events as Told[]);
  });
}

async function person(name: string) {
  const { identity, subscriptions } = await server.done('POST', server.of('users'), {
    identity: { external_id: name },
    subscriptions: [{ type: 'Email', token: `${name}@example.com` }],
  });
  return { id: identity.onesignal_id as string, subscription: subscriptions[0].id as string };
}

const custom = (name: string, events: readonly object[]) =>
  server.done('POST', server.of('custom_events'), {
    events: events.map((event) => ({ external_id: name, ...event })),
  });

describe('the feed', () => {
  it('tells of messages only, until somebody asks for more', async () => {
    await person('quiet');
    await custom('quiet', [{ name: 'bought' }]);
    const { body } = await server.send({ include_aliases: { external_id: ['quiet'] } });
    await server.ended(body.id);
    const kinds = (await told(2)).map(({ kind }) => kind);
    expect(kinds).toEqual(['message.email.sent', 'message.email.received']);
  });

  it('tells of custom events, with what they say, in the order of each user, to those who name the kind', async () => {
    expect(await server.done('PUT', topics(), { topics: ['custom_events'] })).toEqual({
      topics: ['custom_events'],
      told: ['custom_events'],
    });
    const { id } = await person('shopper');
    await custom('shopper', [
      { name: 'viewed', payload: { sku: 1 } },
      { name: 'bought', payload: { sku: 1, price: 9.5 } },
    ]);
    await custom('shopper', [{ name: 'returned' }]);
    const events = await told(3);
    expect(events.map(({ data }) => data)).toEqual([
      { name: 'viewed', properties: { sku: 1 } },
      { name: 'bought', properties: { sku: 1, price: 9.5 } },
      { name: 'returned', properties: {} },
    ]);
    expect(events[0]).toMatchObject({
      kind: 'custom_event',
      onesignal_id: id,
      external_id: 'shopper',
      subscription_id: null,
      channel: null,
      message_id: null,
    });
    const { events: usual } = await server.done('GET', server.of(`feed?cursor=${begin}`));
    expect(usual).toEqual([]);
  });

  it('tells of subscriptions that come, are switched off and on, and of none that stays as it is', async () => {
    await server.done('PUT', topics(), { topics: ['subscriptions'] });
    const { id, subscription } = await person('mover');
    const change = (body: object) =>
      server.done('PATCH', server.of(`subscriptions/${subscription}`), { subscription: body });
    await change({ enabled: false });
    await change({ app_version: '2' });
    await change({ enabled: true, notification_types: 1 });
    await person('mover');
    await server.done('POST', server.of('users'), {
      identity: { external_id: 'mover' },
      subscriptions: [{ type: 'Email', token: 'mover@example.com', enabled: false }],
    });
    const events = await told(4);
    expect(events.map(({ kind }) => kind)).toEqual([
      'subscription.created',
      'subscription.opted_out',
      'subscription.opted_in',
      'subscription.opted_out',
    ]);
    for (const event of events) {
      expect(event).toMatchObject({
        onesignal_id: id,
        subscription_id: subscription,
        channel: 'email',
        data: { type: 'Email' },
      });
    }
  });

  it('tells what an event stream asks for as long as the stream is there, and the stream sends it', async () => {
    await server.done('PUT', server.of('event_streams/all'), {
      kind: 'webhook',
      url: `${receiver.url}/all`,
      filters: { kinds: ['custom_event'] },
      retry_schedule: [1],
    });
    expect(await server.done('GET', topics())).toEqual({ topics: [], told: ['custom_events'] });
    await person('streamed');
    await custom('streamed', [{ name: 'bought', payload: { n: 1 } }]);
    const arrived = await until('it has come', () => receiver.at('/all')[0]);
    expect(JSON.parse(arrived.raw)).toMatchObject({
      type: 'custom_event',
      data: { external_id: 'streamed', data: { name: 'bought', properties: { n: 1 } } },
    });
    await server.done('DELETE', server.of('event_streams/all'));
    expect(await server.done('GET', topics())).toEqual({ topics: [], told: [] });
  });

  it('tells who comes into a journey and who leaves it, and a stream that asks for one of them sends that one', async () => {
    await server.done('PUT', server.of('event_streams/left'), {
      kind: 'webhook',
      url: `${receiver.url}/left`,
      filters: { kinds: ['journey.exited'] },
      retry_schedule: [1],
    });
    expect(await server.done('GET', topics())).toEqual({ topics: [], told: ['journeys'] });
    const { id: journey } = await server.done('POST', server.of('journeys'), {
      name: 'Told',
      audience: { kind: 'event_trigger', name: 'signed_up' },
      nodes: [{ kind: 'tag', assignments: { welcomed: 'yes' } }],
    });
    await server.done('PATCH', server.of(`journeys/${journey}`), { state: 'active' });
    const { id } = await person('traveller');
    await custom('traveller', [{ name: 'signed_up' }]);
    const events = await told(2);
    const run = events[0]?.data?.['run_id'];
    const shared = { journey_id: journey, run_id: run, run_key: null, version: 1 };
    expect(events.map(({ kind, data }) => ({ kind, data }))).toEqual([
      { kind: 'journey.entered', data: { ...shared, reason: 'event signed_up', held_out: false } },
      { kind: 'journey.exited', data: { ...shared, reason: null, step: 'completed' } },
    ]);
    expect(events[0]).toMatchObject({ onesignal_id: id, external_id: 'traveller', channel: null });
    const arrived = await until('it has come', () => receiver.at('/left')[0]);
    expect(JSON.parse(arrived.raw)).toMatchObject({
      type: 'journey.exited',
      data: { external_id: 'traveller', data: { run_id: run, step: 'completed' } },
    });
    expect(receiver.at('/left')).toHaveLength(1);
  });

  it.each([{ topics: ['everything'] }, { topics: ['journeys', 'journeys'] }, {}])(
    'is not told what to tell by %j',
    async (body) => {
      expect((await server.call('PUT', topics(), body)).status).toBe(400);
    },
  );
});
