import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeClock, until } from '@carillon/test-kit';
import { newId } from '../platform/ids.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

const MINUTE = 60_000;
const EMAILS = Array.from({ length: 24 }, (_, n) => `guest-${n}@example.com`);
const clock = new FakeClock(Date.now());

let server: MailingServer;
beforeAll(async () => {
  server = await MailingServer.start({}, clock);
  await Promise.all(
    EMAILS.map((token) =>
      server.done('POST', server.of('users'), { subscriptions: [{ type: 'Email', token }] }),
    ),
  );
});
afterAll(() => server.stop());

/** A test whose subjects begin with a word of its own. */
function bodyOf(word: string, more: object = {}) {
  return {
    message: {
      target_channel: 'email',
      included_segments: ['All'],
      email_body: '<a href="https://shop.example/o">order</a>',
    },
    variants: [{ email_subject: `${word} first` }, { email_subject: `${word} second` }],
    sample_percent: 60,
    winner_by: 'hand',
    ...more,
  };
}

async function create(word: string, more: object = {}): Promise<string> {
  return (await server.done('POST', server.of('ab_tests'), bodyOf(word, more))).id;
}

const view = (id: string) => server.done('GET', server.of(`ab_tests/${id}`));

async function sampleSent(id: string) {
  return until('the sample is sent', async () => {
    const { variants } = await view(id);
    return variants.every(({ completed }: { completed: boolean }) => completed) && variants;
  });
}

async function inState(id: string, state: string) {
  return until(`it is ${state}`, async () => {
    const test = await view(id);
    return test.state === state && test;
  });
}

/** What came, of the mails whose subjects begin with a word: by address. */
async function mailsOf(word: string): Promise<Map<string, string[]>> {
  const got = new Map<string, string[]>();
  for (const { recipient, mail } of await server.arrived(...EMAILS)) {
    if (mail.subject?.startsWith(word)) got.set(recipient, [...(got.get(recipient) ?? []), mail.subject]);
  }
  return got;
}

async function clickIn(subject: string): Promise<number> {
  const mails = (await server.arrived(...EMAILS)).filter(({ mail }) => mail.subject === subject);
  for (const { mail } of mails) {
    const link = /href="([^"]*)"/.exec(String(mail.html))?.[1] ?? '';
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
  }
  return mails.length;
}

/** A device tells that somebody bought after a message. */
async function sold(weight: number, message: string, name = 'purchase'): Promise<void> {
  await server.done('POST', '/outcomes/measure', {
    app_id: server.carillon.appId,
    id: name,
    weight,
    device_type: 11,
    direct: true,
    notification_ids: [message],
  });
}

it('the variant that was clicked most goes to the rest, also after a restart before the decision', async () => {
  const id = await create('Clicks', { winner_by: 'clicked', winner_after_minutes: 60 });
  await sampleSent(id);
  const clicks = await clickIn('Clicks second');
  expect(clicks).toBeGreaterThan(0);
  expect(await view(id)).toMatchObject({ state: 'testing', winner: null, rest: null });
  await server.restart(() => clock.advance(90 * MINUTE));
  const test = await inState(id, 'finished');
  expect(test).toMatchObject({ winner: 'B', winner_reason: 'metric' });
  expect(test.variants[1]).toMatchObject({ clicked: clicks, successful: clicks });
  const got = await mailsOf('Clicks');
  expect([...got.keys()].toSorted()).toEqual(EMAILS.toSorted());
  expect([...got.values()].every((subjects) => subjects.length === 1)).toBe(true);
  const seconds = [...got.values()].flat().filter((subject) => subject === 'Clicks second');
  expect(seconds).toHaveLength(clicks + test.rest.successful);
});

it('the variant that brought in the most goes to the rest, however few they were who bought', async () => {
  const decides = { winner_by: 'outcome_sum', winner_outcome: 'purchase', winner_after_minutes: 60 };
  const id = await create('Sales', decides);
  const [first, second] = await sampleSent(id);
  await Promise.all([sold(10, first.message_id), sold(15, first.message_id)]);
  await Promise.all([sold(40, second.message_id), sold(1000, first.message_id, 'other')]);
  const before = await view(id);
  expect(before).toMatchObject({ winner_by: 'outcome_sum', winner_outcome: 'purchase' });
  expect(before.variants).toMatchObject([
    { outcome_count: 2, outcome_sum: 25 },
    { outcome_count: 1, outcome_sum: 40 },
  ]);
  await clock.advance(90 * MINUTE);
  const { successful: firsts } = first;
  const { successful: seconds } = second;
  const winner = 40 * firsts > 25 * seconds ? 'B' : 'A';
  expect(await inState(id, 'finished')).toMatchObject({ winner, winner_reason: 'metric' });
});

it('a winner is chosen by hand once, and may be said twice', async () => {
  const id = await create('Hand');
  await sampleSent(id);
  const choose = (variant: string) => server.call('POST', server.of(`ab_tests/${id}/winner`), { variant });
  expect(await choose('C')).toMatchObject({
    status: 400,
    body: { errors: [{ title: 'variant must be one of A, B; "C" is not' }] },
  });
  const [first, again] = await Promise.all([choose('A'), choose('A')]);
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(first.body).toMatchObject({ winner: 'A', winner_reason: 'hand' });
  expect(again.body.rest.message_id).toBe(first.body.rest.message_id);
  expect((await choose('B')).status).toBe(409);
  await inState(id, 'finished');
  expect([...(await mailsOf('Hand')).values()].flat()).toHaveLength(EMAILS.length);
  expect((await server.call('DELETE', server.of(`ab_tests/${id}`))).status).toBe(409);
});

it('a cancel takes the variants, the decision and the rest with it', async () => {
  const soon = new Date(clock.now() + 10 * MINUTE).toISOString();
  const waiting = await create('Waiting', {
    message: { ...bodyOf('').message, send_after: soon },
    winner_by: 'clicked',
    winner_after_minutes: 5,
  });
  const sent = await create('Sent', { winner_by: 'clicked', winner_after_minutes: 5 });
  await sampleSent(sent);
  for (const id of [waiting, sent]) {
    expect((await server.call('DELETE', server.of(`ab_tests/${id}`))).status).toBe(200);
    expect((await server.call('DELETE', server.of(`ab_tests/${id}`))).status).toBe(409);
    const late = await server.call('POST', server.of(`ab_tests/${id}/winner`), { variant: 'A' });
    expect(late.status).toBe(409);
  }
  await clock.advance(30 * MINUTE);
  await sampleSent(waiting);
  expect(await view(waiting)).toMatchObject({ state: 'cancelled', winner: null, rest: null });
  expect(await view(sent)).toMatchObject({ state: 'cancelled', winner: null, rest: null });
  expect((await mailsOf('Waiting')).size).toBe(0);
  expect((await mailsOf('Sent')).size).toBeLessThan(EMAILS.length);
});

it('the same idempotency key makes one test, whoever asks at once', async () => {
  const body = bodyOf('Key', { idempotency_key: newId() });
  const answers = await Promise.all([1, 2, 3].map(() => server.call('POST', server.of('ab_tests'), body)));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(new Set(answers.map(({ body: { id } }) => id)).size).toBe(1);
  const other = await server.call('POST', server.of('ab_tests'), { ...body, sample_percent: 10 });
  expect(other.status).toBe(409);
  await sampleSent(answers[0]?.body.id);
  expect((await mailsOf('Key')).size).toBeLessThan(EMAILS.length);
});

it('a page of tests leads to the next, newest first, and to none of another app', async () => {
  const first = await server.done('GET', server.of('ab_tests?limit=2'));
  expect(first).toMatchObject({ has_more: true, ab_tests: [expect.anything(), expect.anything()] });
  const second = await server.done('GET', server.of(`ab_tests?limit=50&cursor=${first.next_cursor}`));
  expect(second.has_more).toBe(false);
  const ids = [...first.ab_tests, ...second.ab_tests].map(({ id }: { id: string }) => id);
  expect(ids).toEqual(ids.toSorted().toReversed());
  expect(new Set(ids).size).toBe(ids.length);

  const { organizationId, organizationKey } = server.carillon;
  const made = { name: 'Other', organization_id: organizationId };
  const other = (await server.done('POST', '/apps', made, organizationKey)).id;
  const theirs = await server.call('GET', `/apps/${other}/ab_tests/${ids[0]}`, undefined, organizationKey);
  expect(theirs).toMatchObject({
    status: 404,
    body: { errors: [{ title: `This app has no A/B test with the id ${ids[0]}` }] },
  });
});

it.each([
  [
    { variants: [{ email_subject: 'A' }, { included_segments: ['All'] }] },
    /variants\[1\]\.included_segments/,
  ],
  [{ variants: [{ email_subject: 'A' }] }, /variants/],
  [{ winner_by: 'luck' }, /winner_by/],
  [{ winner_by: 'outcome_count', winner_after_minutes: 5 }, /^winner_outcome is required with winner_by/],
  [{ winner_outcome: 'purchase' }, /^winner_outcome cannot be combined with winner_by "hand"/],
  [{ sample_percent: 101 }, /^sample_percent must be a number from 0.01 to 100/],
  [{ winner_by: 'clicked', winner_after_minutes: 0 }, /winner_after_minutes/],
])('what is wrong is named: %j', async (more, complaint) => {
  const { status, body } = await server.call('POST', server.of('ab_tests'), bodyOf('Bad', more));
  expect(status).toBe(400);
  expect(body.errors[0].title).toMatch(complaint);
});
