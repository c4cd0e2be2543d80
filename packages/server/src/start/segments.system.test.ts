import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '@carillon/test-kit';
import { MailingServer } from './fixtures/mailing-server.ts';

const HOUR = 3_600_000;
const clock = new FakeClock(Date.now());
const PEOPLE = ['ann', 'ben', 'cem', 'dora'];

let server: MailingServer;
beforeAll(async () => {
  server = await MailingServer.start({}, clock);
  for (const [n, name] of PEOPLE.entries()) {
    await server.done('POST', server.of('users'), {
      identity: { external_id: name },
      properties: { country: n % 2 === 0 ? 'DE' : 'FR', tags: { level: n } },
      subscriptions: [
        { type: 'Email', token: `${name}@example.com` },
        ...(n === 0 ? [{ type: 'AndroidPush', token: 'phone-of-ann', app_version: '2.0' }] : []),
      ],
    });
  }
});
afterAll(() => server.stop());

let number = 0;
const GERMANY = [{ field: 'country', relation: '=', value: 'DE' }];
const above = (level: number) => [{ field: 'tag', key: 'level', relation: '>', value: level }];

async function newSegment(filters: readonly object[], more: object = {}) {
  number += 1;
  const name = `Segment ${number}`;
  const { id } = await server.done('POST', server.of('segments'), { name, filters, ...more });
  return { id: id as string, name, path: server.of(`segments/${id}`) };
}

/** Names of whom a message of this subject came to. */
async function whoGot(subject: string): Promise<string[]> {
  const arrived = await server.arrived(...PEOPLE.map((name) => `${name}@example.com`));
  return arrived
    .filter(({ mail }) => mail.subject === subject)
    .map(({ recipient }) => recipient.split('@')[0] ?? '')
    .toSorted();
}

let sent = 0;
async function sendTo(targets: object): Promise<readonly string[]> {
  sent += 1;
  const subject = `Message ${sent}`;
  const { body } = await server.send({ ...targets, email_subject: subject, email_body: 'x' });
  if (body.id === '') return body.warnings;
  await server.ended(body.id);
  return whoGot(subject);
}

async function sendLater(targets: object) {
  sent += 1;
  const subject = `Message ${sent}`;
  const send_after = new Date(clock.now() + HOUR).toISOString();
  const { body } = await server.send({ ...targets, email_subject: subject, email_body: 'x', send_after });
  return async () => {
    await clock.advance(HOUR + 1);
    await server.ended(body.id);
    return whoGot(subject);
  };
}

describe('a message for saved segments', () => {
  it('goes to whoever is in one of them and in none to leave out', async () => {
    const [german, high] = [await newSegment(GERMANY), await newSegment(above(1))];
    expect(await sendTo({ included_segments: [german.name] })).toEqual(['ann', 'cem']);
    expect(await sendTo({ included_segments: [german.name, high.name] })).toEqual(['ann', 'cem', 'dora']);
    const both = { included_segments: ['All'], excluded_segments: [german.name] };
    expect(await sendTo(both)).toEqual(['ben', 'dora']);
    expect(await sendTo({ filters: above(0), excluded_segments: [german.name] })).toEqual(['ben', 'dora']);
  });

  it('that waits follows changes of a segment, and neither a new name, a pause nor its end', async () => {
    const segment = await newSegment(GERMANY);
    const include = await sendLater({ included_segments: [segment.name] });
    const exclude = await sendLater({ included_segments: ['All'], excluded_segments: [segment.name] });
    await server.done('PATCH', segment.path, { name: `${segment.name} renamed`, filters: above(2) });
    await server.done('POST', `${segment.path}/pause`);
    await server.done('DELETE', segment.path);
    // Another one under the old name is not the one that was meant.
    await newSegment(GERMANY, { name: segment.name });
    expect(await include()).toEqual(['dora']);
    expect(await exclude()).toEqual(['ann', 'ben', 'cem']);
  });

  it('goes to nobody for a name of none, says so, and also where the name was to be left out', async () => {
    expect(await sendTo({ included_segments: ['nobody knows it'] })).toEqual([
      'included_segments: this app has no segment named nobody knows it',
    ]);
    expect(await sendTo({ included_segments: ['All'], excluded_segments: ['all'] })).toEqual([
      'excluded_segments: this app has no segment named all',
    ]);
  });

  it('is refused for a paused one until it is resumed', async () => {
    const { name, path } = await newSegment(GERMANY);
    await server.done('POST', `${path}/pause`);
    const body = { app_id: server.carillon.appId, email_subject: 'x', email_body: 'x' };
    for (const targets of [
      { included_segments: [name] },
      { included_segments: ['All'], excluded_segments: [name] },
    ]) {
      const answer = await server.call('POST', '/notifications', { ...body, ...targets });
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0]).toMatch(
        /cluded_segments must not name a paused segment: .* Resume it first/,
      );
    }
    await server.done('POST', `${path}/resume`);
    expect(await sendTo({ included_segments: [name] })).toEqual(['ann', 'cem']);
  });

  it('can be an A/B test, and is counted as it is sent', async () => {
    const { name } = await newSegment(GERMANY);
    const count = { app_id: server.carillon.appId, target_channel: 'email', included_segments: [name] };
    expect((await server.done('POST', '/notifications/count-unsaved', count)).count).toBe(2);
    const test = {
      message: { target_channel: 'email', included_segments: [name], email_body: 'x' },
      variants: [{ email_subject: 'A' }, { email_subject: 'B' }],
      sample_percent: 100,
      winner_by: 'hand',
    };
    const { variants } = await server.done('POST', server.of('ab_tests'), test);
    for (const { message_id: id } of variants) await server.ended(id);
    expect([...(await whoGot('A')), ...(await whoGot('B'))].toSorted()).toEqual(['ann', 'cem']);
  });

  it('reaches by what happened: to messages, and in custom events, within a window that moves', async () => {
    const subject = 'Only for Ann';
    const { body } = await server.send({
      include_aliases: { external_id: ['ann'] },
      target_channel: 'email',
      email_subject: subject,
      email_body: 'x',
    });
    await server.ended(body.id);
    const got = { field: 'message_event', key: 'sent', channel: 'email', message_id: body.id };
    await server.done('POST', server.of('custom_events'), {
      events: [
        { name: 'order', external_id: 'ben', properties: { total: 20, items: [{ sku: 'A-1' }] } },
        { name: 'order', external_id: 'cem', properties: { total: 5 } },
      ],
    });
    const ordered = { field: 'custom_event', key: 'order', from_hours_ago: 24 };
    const large = { ...ordered, properties: [{ key: 'total', relation: '>', value: 10 }] };
    const sku = { ...ordered, properties: [{ key: 'items.0.sku', relation: '=', value: 'A-1' }] };
    const mixed = await newSegment([got, ...GERMANY, { operator: 'OR' }, large, sku]);
    const never = await newSegment([{ ...ordered, relation: 'not_exists' }]);
    expect(await sendTo({ included_segments: [mixed.name] })).toEqual(['ann', 'ben']);
    expect(await sendTo({ included_segments: [never.name] })).toEqual(['ann', 'dora']);
    await clock.advance(25 * HOUR);
    expect(await sendTo({ included_segments: [mixed.name] })).toEqual(['ann']);
    expect(await sendTo({ included_segments: [never.name] })).toEqual(PEOPLE);
  });
});

describe('somebody who asks about segments', () => {
  it('sees who would be in one before it is saved, and how exact the count is', async () => {
    const preview = await server.done('POST', server.of('segments/preview'), { filters: GERMANY, sample: 1 });
    expect(preview).toMatchObject({
      subscriber_count: 3,
      subscriber_counts: { push: 1, email: 2, sms: 0 },
      margin: 0,
      sample: [{ external_id: expect.stringMatching(/^(ann|cem)$/) }],
    });
    const everybody = await server.done('POST', server.of('segments/preview'), {});
    expect(everybody).toMatchObject({ subscriber_count: 5, margin: 0 });
    expect(everybody.sample.map((one: { external_id: string }) => one.external_id).toSorted()).toEqual(
      PEOPLE,
    );
    const wrong = await server.call('POST', server.of('segments/preview'), { filters: [{ field: 'x' }] });
    expect(wrong.status).toBe(400);
  });

  it('is told in which a user is, and which filters are true of them', async () => {
    const { id } = await newSegment([...GERMANY, { field: 'app_version', relation: '<', value: '1.0' }]);
    const { id: other } = await newSegment([
      ...above(5),
      { operator: 'OR' },
      { field: 'device_type', relation: '=', value: 'Android' },
    ]);
    const all = await server.done('GET', server.of('users/by/external_id/ann/segments'));
    const found = (asked: string) => all.segments.find((one: { id: string }) => one.id === asked);
    expect(found(id)).toMatchObject({
      is_member: false,
      subscription_ids: [],
      branches: [
        [
          { filter: GERMANY[0], is_true: true },
          { filter: { field: 'app_version' }, is_true: false },
        ],
      ],
    });
    const { subscriptions } = await server.done('GET', server.of('users/by/external_id/ann'));
    const phone = subscriptions.find(({ type }: { type: string }) => type === 'AndroidPush').id;
    expect(found(other)).toMatchObject({
      is_member: true,
      subscription_ids: [phone],
      branches: [
        [{ filter: { field: 'tag' }, is_true: false }],
        [{ filter: { field: 'device_type' }, is_true: true }],
      ],
    });
    const first = await server.done('GET', server.of('users/by/external_id/ann/segments?limit=2&offset=1'));
    expect(first).toMatchObject({ offset: 1, limit: 2, total_count: all.total_count });
    expect(first.segments).toEqual(all.segments.slice(1, 3));
    const nobody = await server.call('GET', server.of('users/by/external_id/nobody/segments'));
    expect(nobody.status).toBe(404);
  });

  it('finds a user without a subscription in those that ask for nothing of one', async () => {
    await server.done('POST', server.of('users'), {
      identity: { external_id: 'eve' },
      properties: { country: 'SE' },
    });
    const swedes = await newSegment([{ field: 'country', relation: '=', value: 'SE' }]);
    const { segments } = await server.done('GET', server.of('users/by/external_id/eve/segments'));
    expect(segments.find(({ id }: { id: string }) => id === swedes.id)).toMatchObject({
      is_member: true,
      subscription_ids: [],
    });
  });

  it('lists those of every app first, page after page, and cannot change them', async () => {
    const whole = await server.done('GET', server.of('segments'));
    expect(whole.segments.slice(0, 5).map(({ name }: { name: string }) => name)).toEqual([
      'Subscribed Users',
      'Total Subscriptions',
      'Active Users',
      'Inactive Users',
      'Engaged Users',
    ]);
    const pages = [];
    for (let offset = 0; offset < whole.total_count; offset += 2) {
      pages.push(...(await server.done('GET', server.of(`segments?limit=2&offset=${offset}`))).segments);
    }
    expect(pages).toEqual(whole.segments);
    const [, , active] = whole.segments;
    const path = server.of(`segments/${active.id}`);
    const shown = await server.done('GET', `${path}?include-segment-detail=true`);
    expect(shown.payload).toMatchObject({
      source: 'default',
      filters: [{ field: 'last_session', relation: '<', hours_ago: '168' }],
    });
    for (const [method, at, body] of [
      ['PATCH', path, { name: 'Mine' }],
      ['DELETE', path, undefined],
      ['POST', `${path}/pause`, undefined],
    ] as const) {
      const answer = await server.call(method, at, body);
      expect(answer).toMatchObject({ status: 400, body: { success: false } });
    }
    const create = { name: 'All', filters: GERMANY };
    expect((await server.call('POST', server.of('segments'), create)).body.errors).toEqual([
      'Segment name is already taken.',
    ]);
  });

  it('gets one segment of a name, whoever asks at once', async () => {
    const body = { name: 'Only one', filters: GERMANY };
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => server.call('POST', server.of('segments'), body)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400, 400, 400]);
  });
});
