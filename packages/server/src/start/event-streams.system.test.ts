import { until } from '@carillon/test-kit';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventReceiver } from './fixtures/event-receiver.ts';
import type { ArrivedRequest } from './fixtures/event-receiver.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

let server: MailingServer;
let receiver: EventReceiver;
let number = 0;

beforeAll(async () => {
  receiver = await new EventReceiver().start();
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.1' });
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
});
beforeEach(async () => {
  receiver.answer = () => [204];
  const { event_streams: streams } = await server.done('GET', of());
  for (const { name } of streams) await server.done('DELETE', of(`/${name}`));
});

const of = (path = '') => server.of(`event_streams${path}`);
const view = (name: string) => server.done('GET', of(`/${name}`));

/** The sandbox reports what it takes in, too. */
const SENT = { filters: { kinds: ['message.email.sent'] } };

/** A webhook at a path of its own. */
async function webhook(more: object = {}) {
  number += 1;
  const name = `stream-${number}`;
  const url = `${receiver.url}/${name}`;
  const made = await server.done('PUT', of(`/${name}`), {
    kind: 'webhook',
    url,
    retry_schedule: [1, 1, 1, 1, 1],
    ...SENT,
    ...more,
  });
  return { name, url, secret: made.secret as string, arrived: () => receiver.at(`/${name}`) };
}

/** Sends an email to each of so many new people, and returns the events that the feed then has of them. */
async function mail(count: number, more: object = {}) {
  number += 1;
  const emails = Array.from({ length: count }, (_, n) => `${number}-${n}@example.com`);
  const { body } = await server.send({ email_to: emails, ...more });
  await server.ended(body.id);
  return eventsOf(body.id, count);
}

async function eventsOf(messageId: string, count: number) {
  return until('the feed tells of it', async () => {
    const { events } = await server.done('GET', server.of('feed?limit=10000'));
    const found = events.filter(
      ({ message_id: id, kind }: { message_id: string; kind: string }) =>
        id === messageId && kind === 'message.email.sent',
    );
    return found.length >= count && found;
  });
}

const idsOf = (requests: readonly ArrivedRequest[]) => requests.map(({ headers }) => headers['webhook-id']);
const idOf = ({ id }: { id: string }) => id;
const sorted = (ids: readonly unknown[]) => ids.map(String).toSorted();

describe('an event stream to a webhook', () => {
  it('sends what happens from now on, each event once, signed so that the libraries of Standard Webhooks take it', async () => {
    await mail(1);
    const stream = await webhook({ headers: { 'X-Key': 'k' } });
    const events = await mail(20);
    await until('all have come', () => stream.arrived().length >= events.length);
    expect(sorted(idsOf(stream.arrived()))).toEqual(sorted(events.map(idOf)));
    for (const { raw, headers, method } of stream.arrived()) {
      const told = new Webhook(stream.secret).verify(raw, headers as Record<string, string>);
      const event = events.find(({ id }: { id: string }) => id === headers['webhook-id']);
      expect(told).toEqual({ type: event.kind, timestamp: event.at, data: event });
      expect([method, headers['x-key'], headers['content-type']]).toEqual(['POST', 'k', 'application/json']);
    }
    await until('it is written down', async () => (await view(stream.name)).delivered === events.length);
    expect(await view(stream.name)).toMatchObject({
      state: 'active',
      failures: 0,
      held: 0,
    });
    await until('the whole feed is read', async () => (await view(stream.name)).lag.events === 0);
  });

  it('sends batches, and begins with the oldest event when it is told to', async () => {
    const events = await mail(30);
    const stream = await webhook({
      batch: 7,
      from: 'oldest',
      filters: { ...SENT.filters, message_ids: [events[0].message_id] },
    });
    const told = await until('all have come', () => {
      const all = stream.arrived().flatMap(({ raw }) => JSON.parse(raw));
      return all.length >= 30 && all;
    });
    expect(sorted(told.map(({ data }: { data: { id: string } }) => data.id))).toEqual(
      sorted(events.map(idOf)),
    );
    for (const { raw, headers } of stream.arrived()) {
      expect(JSON.parse(raw).length).toBeLessThanOrEqual(7);
      new Webhook(stream.secret).verify(raw, headers as Record<string, string>);
    }
  });

  it.each([
    [{ kinds: ['message.push.*'] }, 0],
    [{ kinds: ['message.email.sent'], channels: ['email'] }, 2],
    [{ message_names: ['Other'] }, 0],
    [{ message_names: ['Named'], ...SENT.filters }, 2],
    [{ template_ids: ['7a2cfa43-4f9a-4b6f-9d6f-50a2d3c1a0b1'] }, 0],
  ])('sends what its filters let through: %j', async (filters, count) => {
    const stream = await webhook({ filters });
    const all = await webhook();
    await mail(2, { name: 'Named' });
    await until('the other has all', () => all.arrived().length === 2);
    await until('this one has read as far', async () => (await view(stream.name)).lag.events === 0);
    expect(stream.arrived()).toHaveLength(count);
  });

  it('fills in URL, headers and body with the documented objects', async () => {
    const body = `{"k":"{{ event.kind }}","id":"{{ event.id }}","ts":{{ event.timestamp }},"app":"{{ event.app_id }}",
      "device":"{{ event.subscription_device_type }}","title":"{{ message.title }}","name":"{{ message.name }}",
      "city":"{{ user.tags.city }}","tags":{{ user.tags | json }},"token":"{{ user.subscription.subscription_token }}"}`;
    await server.done('POST', server.of('users'), {
      identity: { external_id: 'liquid' },
      properties: { tags: { city: 'Oslo' } },
      subscriptions: [{ type: 'Email', token: 'liquid@example.com' }],
    });
    const stream = await webhook();
    const headers = { 'X-Kind': '{{ event.kind }}' };
    const url = `${receiver.url}/liquid/{{ event.external_id }}`;
    await server.done('PUT', of(`/${stream.name}`), {
      kind: 'webhook',
      url,
      headers,
      body,
      method: 'PUT',
      ...SENT,
    });
    const { body: sent } = await server.send({
      include_aliases: { external_id: ['liquid'] },
      email_subject: 'Hello there',
      name: 'N',
    });
    const [event] = await eventsOf(sent.id, 1);
    const arrived = await until('it has come', () => receiver.at('/liquid/liquid')[0]);
    expect([arrived.method, arrived.headers['x-kind']]).toEqual(['PUT', 'message.email.sent']);
    expect(JSON.parse(arrived.raw)).toEqual({
      k: 'message.email.sent',
      id: event.id,
      ts: Math.floor(Date.parse(event.at) / 1_000),
      app: server.carillon.appId,
      device: 'Email',
      title: 'Hello there',
      name: 'N',
      city: 'Oslo',
      tags: { city: 'Oslo' },
      token: 'liquid@example.com',
    });
  });

  it('signs with the new secret and, for a while, with the old one', async () => {
    const stream = await webhook();
    const { secret } = await server.done('POST', of(`/${stream.name}/rotate_secret`), { grace_hours: 1 });
    await mail(1);
    const arrived = await until('it has come', () => stream.arrived()[0]);
    for (const key of [stream.secret, secret]) {
      new Webhook(key).verify(arrived.raw, arrived.headers as Record<string, string>);
    }
    expect(JSON.stringify(await view(stream.name))).not.toMatch(/whsec_/);
  });

  it('tries an event that is not taken again, and sends those of other users meanwhile', async () => {
    const stream = await webhook();
    let refusals = 0;
    let bad: string | undefined;
    receiver.answer = ({ headers }) => {
      bad ??= String(headers['webhook-id']);
      return headers['webhook-id'] === bad && refusals++ < 2 ? [400] : [204];
    };
    const events = await mail(10);
    await until(
      'it was taken at last',
      () => idsOf(stream.arrived()).filter((id) => id === bad).length === 3,
    );
    expect(new Set(idsOf(stream.arrived()))).toEqual(new Set(events.map(idOf)));
    await until('nothing is held', async () => (await view(stream.name)).held === 0);
    const { attempts } = await server.done('GET', of(`/${stream.name}/attempts?about=${bad}`));
    expect(attempts.map(({ outcome, status }: Record<string, unknown>) => [outcome, status])).toEqual([
      ['taken', 204],
      ['failed', 400],
      ['failed', 400],
    ]);
  });

  it('gives an event up when its tries are over, and goes on', async () => {
    const stream = await webhook({ retry_schedule: [1] });
    let bad: string | undefined;
    receiver.answer = ({ headers }) => {
      bad ??= String(headers['webhook-id']);
      return headers['webhook-id'] === bad ? [422, {}, 'no, thanks'] : [204];
    };
    await mail(3);
    await until('it is given up', async () => (await view(stream.name)).given_up === 1);
    expect(await view(stream.name)).toMatchObject({
      state: 'active',
      held: 0,
      delivered: 2,
      last_failure: 'answered 422',
    });
    const path = of(`/${stream.name}/attempts?outcome=failed&status=422`);
    const { attempts } = await server.done('GET', path);
    expect(attempts).toHaveLength(2);
    expect(attempts[0]).toMatchObject({ answer: 'no, thanks', reason: 'answered 422', events: 1 });
    expect(attempts[0].request).toContain(bad);
  });

  it('finds the one bad event of a batch, and the others are taken', async () => {
    const stream = await webhook({ batch: 100, retry_schedule: [1], connections: 1 });
    const taken = new Set<string>();
    let bad: string | undefined;
    receiver.answer = ({ raw }) => {
      const ids = JSON.parse(raw).map(({ data }: { data: { id: string } }) => data.id) as string[];
      bad ??= ids.at(3);
      if (bad !== undefined && ids.includes(bad)) return [400];
      for (const id of ids) taken.add(id);
      return [200];
    };
    const events = await mail(40);
    await until('all but one are taken', () => taken.size === events.length - 1);
    await until('that is given up', async () => (await view(stream.name)).given_up === 1);
    expect(taken.has(bad!)).toBe(false);
  });

  it('rests when nothing is taken, goes on where it was, and costs a handful of requests', async () => {
    const stream = await webhook({ retry_schedule: [2, 2, 2, 2, 2, 2, 2, 2], connections: 1 });
    receiver.answer = () => null;
    const events = await mail(50);
    const resting = await until('it rests', async () => {
      const now = await view(stream.name);
      return now.resting_until !== null && now;
    });
    expect(resting).toMatchObject({ state: 'active', delivered: 0 });
    expect(resting.lag.events).toBeGreaterThanOrEqual(50);
    expect(resting.last_failure).toContain('the connection failed');
    expect(stream.arrived().length).toBeLessThanOrEqual(20);
    receiver.answer = () => [200];
    await until('all are taken', async () => (await view(stream.name)).delivered === 50);
    expect(new Set(idsOf(stream.arrived()))).toEqual(new Set(events.map(idOf)));
  });

  it('delays no other stream when it is dead', async () => {
    const dead = await webhook();
    const other = await webhook();
    receiver.answer = ({ path }) => (path === `/${dead.name}` ? null : [204]);
    await mail(20);
    await until('the other has all', () => other.arrived().length === 20);
    expect((await view(dead.name)).delivered).toBe(0);
  });

  it('is disabled at the end of its schedule, with the reason, and sends everything when it is resumed', async () => {
    const stream = await webhook({ retry_schedule: [1] });
    receiver.answer = () => [503];
    const events = await mail(12);
    const disabled = await until('it is disabled', async () => {
      const now = await view(stream.name);
      return now.state === 'disabled' && now;
    });
    expect(disabled.reason).toContain('answered 503');
    expect(await audit('event_stream.disabled', stream.name)).toHaveLength(1);
    receiver.answer = () => [200];
    const before = stream.arrived().length;
    expect(await server.done('POST', of(`/${stream.name}/resume`), {})).toMatchObject({
      state: 'active',
      reason: null,
    });
    await until('all are taken', async () => (await view(stream.name)).delivered === 12);
    expect(sorted(idsOf(stream.arrived().slice(before)))).toEqual(sorted(events.map(idOf)));
  });

  it('is disabled at once by 410', async () => {
    const stream = await webhook();
    receiver.answer = () => [410];
    await mail(1);
    await until('it is disabled', async () => (await view(stream.name)).state === 'disabled');
    expect((await view(stream.name)).reason).toBe('answered 410: it is gone for good');
    expect(stream.arrived()).toHaveLength(1);
  });

  it('waits as long as Retry-After says', async () => {
    const stream = await webhook({ connections: 1 });
    receiver.answer = () => [429, { 'retry-after': '3600' }];
    await mail(1);
    const { resting_until: until_ } = await until('it rests', async () => {
      const now = await view(stream.name);
      return now.resting_until !== null && now;
    });
    expect(Date.parse(until_) - Date.now()).toBeGreaterThan(3_000_000);
    expect(stream.arrived()).toHaveLength(1);
  });

  it('stands still while it is paused, and loses nothing', async () => {
    const stream = await webhook();
    await server.done('POST', of(`/${stream.name}/pause`));
    const other = await webhook();
    await mail(5);
    await until('another stream has them', () => other.arrived().length === 5);
    expect(stream.arrived()).toHaveLength(0);
    expect(await view(stream.name)).toMatchObject({ state: 'paused', delivered: 0 });
    expect((await view(stream.name)).lag.events).toBeGreaterThanOrEqual(5);
    await server.done('POST', of(`/${stream.name}/resume`));
    await until('it has them, too', () => stream.arrived().length === 5);
  });

  it('goes on with other settings where it was', async () => {
    const stream = await webhook();
    await mail(2);
    await until('both are written down', async () => (await view(stream.name)).delivered === 2);
    const body = {
      kind: 'webhook',
      url: `${receiver.url}/elsewhere-${stream.name}`,
      retry_schedule: [1],
      ...SENT,
    };
    expect(await server.done('PUT', of(`/${stream.name}`), body)).not.toHaveProperty('secret');
    await mail(2);
    const elsewhere = () => receiver.at(`/elsewhere-${stream.name}`);
    await until('they come to the other place', () => elsewhere().length === 2);
    const [arrived] = elsewhere();
    new Webhook(stream.secret).verify(arrived?.raw ?? '', arrived?.headers as Record<string, string>);
  });

  it('is tried out with an event that is made up', async () => {
    const stream = await webhook();
    receiver.answer = () => [200, {}, 'thanks'];
    const answer = await server.done('POST', of(`/${stream.name}/test`), { kind: 'message.push.clicked' });
    expect(answer).toMatchObject({ outcome: 'taken', status: 200, answer: 'thanks', reason: null });
    expect(JSON.parse(answer.request).type).toBe('message.push.clicked');
    receiver.answer = () => [500];
    expect(await server.done('POST', of(`/${stream.name}/test`))).toMatchObject({
      outcome: 'failed',
      status: 500,
      reason: 'answered 500',
    });
    expect((await server.done('GET', of(`/${stream.name}/attempts`))).attempts).toEqual([]);
  });
});

async function audit(action: string, name: string) {
  const { organizationId, organizationKey } = server.carillon;
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const path = `/organizations/${organizationId}/audit_logs?start_time=${from}&actions=${action}`;
  const { audit_logs: entries } = await server.done('GET', path, undefined, organizationKey);
  return entries.filter(({ targets }: { targets: { name: string }[] }) => targets[0]?.name === name);
}

describe('a replay', () => {
  it('of a message sends its events again under the same ids, and then the stream goes on', async () => {
    const stream = await webhook();
    const first = await mail(5);
    const second = await mail(5);
    await until('all have come', () => stream.arrived().length === 10);
    const before = stream.arrived().length;
    await server.done('POST', of(`/${stream.name}/replay`), { message_id: first[0].message_id });
    await until('they have come again', () => stream.arrived().length >= before + 5);
    await until('it is over', async () => (await view(stream.name)).replaying === null);
    expect(sorted(idsOf(stream.arrived().slice(before)))).toEqual(sorted(first.map(idOf)));
    const third = await mail(3);
    await until('new ones come', () => stream.arrived().length === 18);
    expect(sorted(idsOf(stream.arrived().slice(15)))).toEqual(sorted(third.map(idOf)));
    expect(second).toHaveLength(5);
  });

  it('from a time or a cursor sends everything from there on', async () => {
    const stream = await webhook();
    await mail(2);
    const { cursor } = await server.done('GET', server.of('feed?cursor=end'));
    const from = new Date().toISOString();
    const events = await mail(4);
    await until('all have come', () => stream.arrived().length === 6);
    for (const place of [{ from }, { cursor }]) {
      await until('all is written down', async () => (await view(stream.name)).lag.events === 0);
      const before = stream.arrived().length;
      await server.done('POST', of(`/${stream.name}/replay`), place);
      await until('they have come again', () => stream.arrived().length >= before + 4);
      expect(sorted(idsOf(stream.arrived().slice(before)))).toEqual(sorted(events.map(idOf)));
    }
  });

  it.each([
    [{}, 400],
    [{ from: '2026-01-01T00:00:00Z', cursor: 'x' }, 400],
    [{ cursor: 'x' }, 400],
    [{ message_id: '7a2cfa43-4f9a-4b6f-9d6f-50a2d3c1a0b1' }, 404],
  ])('%j is refused', async (place, status) => {
    const stream = await webhook();
    expect((await server.call('POST', of(`/${stream.name}/replay`), place)).status).toBe(status);
  });
});

describe('event streams of an app', () => {
  it.each([
    ['url', { url: 'ftp://x.example/' }, /^url must be an https address/],
    ['private', { url: 'http://10.0.0.1/x' }, /^url must lead to the public internet/],
    ['host', { url: 'https://{{ event.id }}.example/' }, /^url must have its Liquid behind the host/],
    ['header', { headers: { Host: 'x' } }, /^headers.Host is set by the server/],
    [
      'forbidden',
      { headers: { 'X-OneSignal-Event': 'x' } },
      /^headers.X-OneSignal-Event is set by the server/,
    ],
    ['liquid', { body: '{{ event.id' }, /body/],
    ['json', { body: '{"id": {{ event.id }}}' }, /^body must make JSON/],
    ['batch', { batch: 5, headers: { 'X-Id': '{{ event.id }}' } }, /^batch must be 1/],
    ['kinds', { filters: { kinds: ['everything'] } }, /kinds/],
    ['secret', { secret: 'whsec_short' }, /^secret must be whsec_/],
    ['more', { colour: 'red' }, /colour/],
  ])('are refused when they could not work: %s', async (_, more, rule) => {
    const url = `${receiver.url}/x`;
    const answer = await server.call('PUT', of('/strict'), { kind: 'webhook', url, ...more });
    expect([answer.status, answer.body.errors[0].title]).toEqual([400, expect.stringMatching(rule)]);
    expect((await server.call('GET', of('/strict'))).status).toBe(404);
  });

  it('are told of without what opens them, also in the audit log and the database', async () => {
    const stream = await webhook({ headers: { 'X-Key': 'quite-secret' } });
    expect(await view(stream.name)).toMatchObject({
      settings: { url: `${receiver.url}/…`, header_names: ['X-Key'] },
    });
    const entries = await audit('event_stream.updated', stream.name);
    expect(entries).toHaveLength(1);
    const row = (
      await server.test.database.rows<{ config: string }>(
        { name: '', text: `select encode(config, 'escape') as config from event_streams where name = $1` },
        [stream.name],
      )
    )[0];
    for (const text of [JSON.stringify(entries), JSON.stringify(await view(stream.name)), row?.config]) {
      expect(text).not.toMatch(/quite-secret|whsec_/);
    }
  });

  it('are of another app for another app’s key', async () => {
    const stream = await webhook();
    const { organizationId, organizationKey } = server.carillon;
    const other = await server.done(
      'POST',
      '/apps',
      { name: 'Other', organization_id: organizationId },
      organizationKey,
    );
    const path = `/apps/${other.id}/event_streams`;
    expect((await server.call('GET', `${path}/${stream.name}`, undefined, organizationKey)).status).toBe(404);
    expect((await server.call('GET', path)).status).toBe(401);
  });
});
