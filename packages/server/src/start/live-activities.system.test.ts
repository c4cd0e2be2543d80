import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { statement } from '../platform/database/database.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

const TOKENS = statement(
  'test.tokens',
  `select kind, activity, token, ended_at is not null as ended from live_activity_tokens
   where subscription_id = $1 order by kind`,
);

/** The whole program with its sandbox, and nobody has set an account. */
let server: MailingServer;
let number = 0;

beforeAll(async () => {
  server = await MailingServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  number += 1;
});

const tokenOf = (kind: string, fault = '') =>
  `${fault}${kind}`.padEnd(60, '0') + String(number).padStart(4, '0');

/** A device without a key. */
async function device(method: string, path: string, body?: object): Promise<number> {
  const answer = await fetch(`${server.carillon.url}${server.of(path)}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return answer.status;
}

async function newPhone(type = 'iOSPush'): Promise<string> {
  const user = await server.done('POST', server.of('users'), {
    identity: { external_id: `user-${number}` },
    properties: { tags: { first_name: 'Ann' } },
    subscriptions: [{ type, token: tokenOf('a'), test_type: 0 }],
  });
  return user.subscriptions[0].id;
}

const takeStarts = (id: string, token = tokenOf('b')) =>
  device('PUT', `activities/tokens/start/Delivery/subscriptions/${id}`, {
    activity_token: token,
    device_type: 0,
  });

const takeNews = (id: string, activityId: string, token = tokenOf('c')) =>
  device('POST', `live_activities/${activityId}/token`, {
    subscription_id: id,
    push_token: token,
    device_type: 0,
  });

const START = {
  event: 'start',
  event_attributes: { order: 7 },
  event_updates: {
    state: 'packed',
    courier: { name: '{{ user.tags.first_name }}’s courier' },
    stops: [3, 2],
  },
  name: 'Delivery',
  headings: { en: 'Packed' },
  contents: { en: 'Hello {{ user.tags.first_name }}' },
};

const start = (body: object = {}) =>
  server.call('POST', server.of('activities/activity/Delivery'), {
    ...START,
    activity_id: `order-${number}`,
    include_aliases: { external_id: [`user-${number}`] },
    target_channel: 'push',
    ...body,
  });

const tell = (body: object = {}, activityId = `order-${number}`) =>
  server.call('POST', server.of(`live_activities/${activityId}/notifications`), {
    event: 'update',
    event_updates: { state: 'on its way' },
    name: 'Delivery',
    ...body,
  });

/** What has arrived for a token, newest first, opened. */
async function arrived(recipient: string): Promise<Body[]> {
  const { messages } = await server.done('GET', `/sandbox/messages?recipient=${recipient}`);
  return Promise.all(messages.map(({ id }: Body) => server.done('GET', `/sandbox/messages/${id}`)));
}

const headersOf = (message: Body) =>
  Object.fromEntries(message.headers.map(({ name, value }: Body) => [name, value]));

const tokensOf = (id: string) => server.test.database.rows<Body>(TOKENS, [id]);

describe('a live activity', () => {
  it('is started on a device that has told how, and shows what it was given', async () => {
    const id = await newPhone();
    expect(await takeStarts(id)).toBe(204);
    const answer = await start({ stale_date: 1_900_000_000, ios_sound: 'bell.aiff', priority: 5 });
    expect(answer).toEqual({ status: 201, body: { notification_id: expect.any(String) } });
    const view = await server.ended(answer.body.notification_id);
    expect(view).toMatchObject({ successful: 1, errored: 0, name: 'Delivery' });
    const [message] = await arrived(tokenOf('b'));
    expect(headersOf(message)).toMatchObject({
      'apns-push-type': 'liveactivity',
      'apns-topic': expect.stringMatching(/\.push-type\.liveactivity$/),
      'apns-priority': '5',
    });
    expect(JSON.parse(message.raw)).toEqual({
      aps: {
        timestamp: expect.any(Number),
        event: 'start',
        'content-state': {
          state: 'packed',
          courier: { name: 'Ann’s courier' },
          stops: [3, 2],
          onesignal: { notificationId: view.id },
        },
        'attributes-type': 'Delivery',
        attributes: { order: 7, onesignal: { activityId: `order-${number}` } },
        'stale-date': 1_900_000_000,
        alert: { title: 'Packed', body: 'Hello Ann', sound: 'bell.aiff' },
      },
    });
    expect(message.push).toMatchObject({ title: 'Packed', data: { state: 'packed' } });
    expect(await arrived(tokenOf('a'))).toEqual([]);
  });

  it('changes in silence, and ends, wherever it goes on', async () => {
    const id = await newPhone();
    expect(await takeNews(id, `order-${number}`)).toBe(204);
    const first = await tell({ ios_relevance_score: 0.5 });
    expect(first).toEqual({ status: 201, body: { id: expect.any(String) } });
    await server.ended(first.body.id);
    const last = await tell({
      event: 'end',
      event_updates: { state: 'there' },
      dismissal_date: 1_900_000_000,
      headings: { en: 'There' },
      contents: { en: 'Enjoy' },
      sound: 'nil',
    });
    await server.ended(last.body.id);
    const [ended, changed] = (await arrived(tokenOf('c'))).map(({ raw }) => JSON.parse(raw).aps);
    expect(changed).toEqual({
      timestamp: expect.any(Number),
      event: 'update',
      'content-state': { state: 'on its way', onesignal: { notificationId: first.body.id } },
      'relevance-score': 0.5,
    });
    expect(ended).toMatchObject({
      event: 'end',
      'dismissal-date': 1_900_000_000,
      alert: { title: 'There', body: 'Enjoy' },
    });
    expect(await tokensOf(id)).toMatchObject([{ kind: 'update', ended: true }]);
    expect(await tell()).toEqual({ status: 404, body: { errors: ['activity_id not found in this app'] } });
    // The same id may begin anew.
    await takeNews(id, `order-${number}`);
    expect(await tell()).toMatchObject({ status: 201 });
  });

  it('is started once under one idempotency key', async () => {
    await takeStarts(await newPhone());
    const key = randomUUID();
    const [first, second] = [await start({ idempotency_key: key }), await start({ idempotency_key: key })];
    expect(second).toEqual(first);
    await server.ended(first.body.notification_id);
    expect(await arrived(tokenOf('b'))).toHaveLength(1);
  });

  it('that has ended on a device is forgotten there, and the app’s own messages still arrive', async () => {
    const id = await newPhone();
    await takeNews(id, `order-${number}`, tokenOf('c', 'fa170410'));
    const { body } = await tell();
    expect(await server.ended(body.id)).toMatchObject({ errored: 1 });
    expect(await tokensOf(id)).toEqual([]);
    const { subscriptions } = await server.done('GET', server.of(`users/by/external_id/user-${number}`));
    expect(subscriptions[0]).toMatchObject({ enabled: true, notification_types: 1 });
  });

  it('is not started on a device that has not told how, and the ledger says so', async () => {
    await newPhone();
    const { body } = await start();
    const view = await server.ended(body.notification_id);
    expect(view).toMatchObject({ successful: 0, errored: 1 });
    const { deliveries } = await server.done('GET', server.of(`messages/${view.id}/deliveries`));
    expect(deliveries[0].reason).toBe(
      'the device has not told how live activities of the type Delivery are started',
    );
  });

  it('is not started where the device has taken its word back', async () => {
    const id = await newPhone();
    await takeStarts(id);
    expect(await device('DELETE', `activities/tokens/start/Delivery/subscriptions/${id}`)).toBe(204);
    await takeNews(id, `order-${number}`);
    expect(await device('DELETE', `live_activities/order-${number}/token/${id}`)).toBe(204);
    expect(await tokensOf(id)).toEqual([]);
    expect(await tell()).toMatchObject({ status: 404 });
  });

  it('is for nobody where only others than Apple’s devices are meant', async () => {
    await newPhone('AndroidPush');
    expect(await start()).toEqual({
      status: 400,
      body: { errors: ['All included players are not subscribed'] },
    });
  });
});

describe('a request about a live activity', () => {
  it.each<[string, object, RegExp]>([
    ['without words', { contents: {} }, /^Message Notifications must have English language content$/],
    ['without a title', { headings: {} }, /^headings\.en is required/],
    ['of another channel', { target_channel: 'email' }, /^target_channel must be "push"/],
    [
      'for nobody',
      { include_aliases: undefined, target_channel: undefined },
      /^You must include which players/,
    ],
    ['with an unknown event', { event: 'begin' }, /event/],
    ['without what it shows', { event_updates: undefined }, /event_updates/],
    ['without a name', { name: undefined }, /name/],
    ['with Liquid that is none', { event_updates: { state: '{{ oops' } }, /event_updates/],
  ])('is refused %s', async (_, body, message) => {
    const answer = await start(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]).toMatch(message);
  });

  it('is refused that changes it and dismisses it', async () => {
    await takeNews(await newPhone(), `order-${number}`);
    expect(await tell({ dismissal_date: 1_900_000_000 })).toEqual({
      status: 400,
      body: { errors: ['dismissal_date can only be given with the event "end"'] },
    });
  });

  it('is refused of a device that nobody knows, and with a token that is none', async () => {
    expect(await takeStarts(randomUUID())).toBe(404);
    expect(await takeStarts('7')).toBe(400);
    const id = await newPhone();
    expect(await takeStarts(id, 'abc')).toBe(400);
    expect(await takeNews(id, 'x', 'g'.repeat(64))).toBe(400);
  });

  it('is about the activities of its own app only', async () => {
    await takeNews(await newPhone(), `order-${number}`);
    const { organization_id } = await server.done('GET', `/apps/${server.carillon.appId}`);
    const organizationKey = server.carillon.organizationKey ?? '';
    const other = await server.done('POST', '/apps', { name: 'Other', organization_id }, organizationKey);
    const path = `/apps/${other.id}/live_activities/order-${number}/notifications`;
    const body = { event: 'end', event_updates: {}, name: 'x' };
    expect(await server.call('POST', path, body, organizationKey)).toMatchObject({ status: 404 });
  });
});
