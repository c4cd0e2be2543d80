import { createHmac } from 'node:crypto';
import { ChatReceiver, until } from '@carillon/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

let server: MailingServer;
let receiver: ChatReceiver;

beforeAll(async () => {
  receiver = await new ChatReceiver().start();
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.1' });
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
});

const of = (path = '') => server.of(`endpoints${path}`);

/** An endpoint of the receiver's under its own name. */
function set(kind: string, name: string, more: object = {}) {
  return server.done('PUT', of(`/${name}`), { kind, url: `${receiver.url}/${kind}/${name}`, ...more });
}

/** The view of a post that has ended. */
async function ended(name: string, post: object) {
  const { id } = await server.done('POST', of(`/${name}/posts`), post);
  return until('the post has ended', async () => {
    const view = await server.done('GET', of(`/${name}/posts/${id}`));
    return view.state !== 'waiting' && view;
  });
}

describe.each([
  ['slack', 'answered 404: no_service'],
  ['discord', 'answered 404: 10015 Unknown Webhook'],
  ['teams', 'answered 404: WorkflowNotFound'],
  ['webhook', 'answered 410'],
])('an endpoint of the kind %s', (kind, gone) => {
  it('is posted to, and told of without what opens it', async () => {
    const name = `room-${kind}`;
    expect(await set(kind, name)).toMatchObject({ name, kind, url: `${receiver.url}/…` });
    const view = await ended(name, { text: 'Hello', title: 'News', link: 'https://shop.example/7' });
    expect(view).toMatchObject({ state: 'sent', attempts: 1, reason: null, next_attempt_at: null });
    expect(receiver.at(`/${kind}/${name}`)).toHaveLength(1);
    const shown = await server.done('GET', of(`/${name}`));
    expect(JSON.stringify(shown)).not.toContain(`/${kind}/${name}`);
    expect(shown).not.toHaveProperty('secret');
  });

  it('is posted to again when it asks to wait', async () => {
    const name = `busy-${kind}`;
    await set(kind, name);
    expect(await ended(name, { text: 'Hello' })).toMatchObject({ state: 'sent', attempts: 2 });
    expect(receiver.at(`/${kind}/${name}`)).toHaveLength(1);
  });

  it('ends the post when it is gone', async () => {
    await set(kind, `gone-${kind}`);
    expect(await ended(`gone-${kind}`, { text: 'Hello' })).toMatchObject({
      state: 'failed',
      attempts: 1,
      reason: gone,
    });
  });

  it('is tried out at once', async () => {
    await set(kind, `try-${kind}`);
    expect(await server.done('POST', of(`/try-${kind}/test`))).toMatchObject({ state: 'sent', reason: null });
    expect(receiver.at(`/${kind}/try-${kind}`)).toHaveLength(1);
    await set(kind, `gone-try-${kind}`);
    const answer = await server.done('POST', of(`/gone-try-${kind}/test`));
    expect(answer).toMatchObject({ state: 'failed', reason: gone });
    expect((await server.done('GET', of(`/try-${kind}/posts`))).posts).toEqual([]);
  });
});

describe('endpoints of an app', () => {
  it('of the kind webhook are signed with a secret that is shown once', async () => {
    const { secret } = await set('webhook', 'signed', { headers: { 'X-Key': 'k' } });
    await ended('signed', { data: { order: 7 }, title: 'T' });
    const arrived = receiver.at('/webhook/signed').at(0)!;
    expect(arrived.body).toMatchObject({ type: 'endpoint.post', data: { order: 7 }, title: 'T' });
    expect(arrived.headers['x-key']).toBe('k');
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = arrived.headers;
    const mac = createHmac('sha256', key).update(`${String(id)}.${String(time)}.${arrived.raw}`);
    expect(signature).toBe(`v1,${mac.digest('base64')}`);
    expect(id).toBe(arrived.body.id);
    expect(await set('webhook', 'signed')).not.toHaveProperty('secret');
  });

  it('take the same post under an idempotency key once', async () => {
    await set('slack', 'keyed');
    const post = { text: 'Once', idempotency_key: 'order-7' };
    const first = await server.done('POST', of('/keyed/posts'), post);
    expect(await server.done('POST', of('/keyed/posts'), post)).toEqual(first);
    const many = await Promise.all(
      Array.from({ length: 8 }, () =>
        server.done('POST', of('/keyed/posts'), { text: 'Twice', idempotency_key: 'order-8' }),
      ),
    );
    expect(new Set(many.map(({ id }) => id)).size).toBe(1);
    const other = await server.call('POST', of('/keyed/posts'), { ...post, text: 'Other' });
    expect([other.status, other.body.errors[0].code]).toEqual([409, 'idempotency-key-reused']);
    await until('both are there', () => receiver.at('/slack/keyed').length === 2);
    expect((await server.done('GET', of('/keyed/posts'))).posts).toHaveLength(2);
  });

  it('tell of their posts by pages, the newest first', async () => {
    await set('slack', 'paged');
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      ids.push((await server.done('POST', of('/paged/posts'), { text: `${n}` })).id);
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await server.done('GET', of(`/paged/posts?limit=2${cursor}`));
      seen.push(...page.posts.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor === undefined ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(ids.toSorted().toReversed());
  });

  it.each([
    ['text', { title: 'T' }, /^text must say something: Discord/],
    ['length', { text: 'x'.repeat(2_001) }, /^text must make a post of at most 2000 characters for Discord/],
    ['data', { text: 'x', data: {} }, /^data is for webhooks/],
    ['link', { text: 'x', link: 'javascript:alert(1)' }, /^link must be an http or https address/],
    ['more', { text: 'x', colour: 'red' }, /colour/],
  ])('refuse what they cannot show, and say which field: %s', async (_, post, rule) => {
    await set('discord', 'strict');
    const { status, body } = await server.call('POST', of('/strict/posts'), post);
    expect([status, body.errors[0].title]).toEqual([400, expect.stringMatching(rule)]);
    expect((await server.done('GET', of('/strict/posts'))).posts).toEqual([]);
  });

  it('are not there under another name, or after they were deleted', async () => {
    await set('slack', 'brief');
    expect(await server.done('DELETE', of('/brief'))).toEqual({ success: true });
    for (const [method, path, body] of [
      ['GET', '/brief'],
      ['DELETE', '/brief'],
      ['POST', '/brief/test'],
      ['POST', '/brief/posts', { text: 'x' }],
      ['GET', '/brief/posts'],
    ] as const) {
      const answer = await server.call(method, of(path), body);
      expect([answer.status, answer.body.errors[0].code]).toEqual([404, 'endpoint-not-found']);
    }
    expect((await server.call('PUT', of('/No'), { kind: 'slack', url: 'https://x.example/' })).status).toBe(
      400,
    );
  });

  it('are in the audit log without what opens them', async () => {
    await set('webhook', 'watched', { headers: { 'X-Key': 'quite-secret' } });
    await set('webhook', 'watched', { url: `${receiver.url}/webhook/elsewhere` });
    const { organizationId, organizationKey } = server.carillon;
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const path = `/organizations/${organizationId}/audit_logs?start_time=${from}&actions=endpoint.updated`;
    const { audit_logs: entries } = await server.done('GET', path, undefined, organizationKey);
    const mine = entries.filter(
      ({ targets }: { targets: { name: string }[] }) => targets[0]?.name === 'watched',
    );
    expect(mine).toHaveLength(2);
    const text = JSON.stringify(mine);
    expect(text).toContain('set anew');
    expect(text).not.toMatch(/quite-secret|whsec_|elsewhere/);
  });

  it('are sealed in the database', async () => {
    await set('slack', 'sealed');
    const rows = await server.test.database.rows<{ config: string }>({
      name: '',
      text: `select encode(config, 'escape') as config from endpoints where name = 'sealed'`,
    });
    expect(rows[0]?.config).not.toContain('slack/sealed');
  });

  it('are at most a hundred', async () => {
    const { endpoints } = await server.done('GET', of());
    for (let n = endpoints.length; n < 100; n += 1) await set('slack', `many-${n}`);
    const url = 'https://hooks.slack.com/services/x';
    const one = await server.call('PUT', of('/one-more'), { kind: 'slack', url });
    expect([one.status, one.body.errors[0].code]).toEqual([409, 'too-many-endpoints']);
    expect((await server.call('PUT', of('/many-99'), { kind: 'slack', url })).status).toBe(200);
  });
});
