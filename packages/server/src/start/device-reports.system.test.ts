import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statement } from '../platform/database/database.ts';
import { newId } from '../platform/ids.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

const OUTCOMES = statement(
  'test.outcomes',
  'select name, device_type, sum(count)::int as count from outcome_counts where message_id = $1 group by 1, 2 order by 1, 2',
);

let server: MailingServer;
let number = 0;

beforeAll(async () => {
  server = await MailingServer.start();
  await server.done('PUT', server.of('channels/android_push'), { kind: 'null' });
  await server.done('PUT', server.of('channels/web_push'), { kind: 'null' });
});
afterAll(() => server.stop());

/** A push to somebody with a phone and a browser, and the ids of their subscriptions. */
async function push() {
  number += 1;
  const user = await server.done('POST', server.of('users'), {
    identity: { external_id: `user-${number}` },
    subscriptions: [
      { type: 'AndroidPush', token: `token-${number}` },
      { type: 'FirefoxPush', token: `https://push.example/${number}`, web_auth: 'a', web_p256: 'k' },
    ],
  });
  const { id } = await server.done('POST', '/notifications', {
    app_id: server.carillon.appId,
    target_channel: 'push',
    include_aliases: { external_id: [`user-${number}`] },
    contents: { en: 'Hello' },
  });
  await server.ended(id);
  const [phone, browser] = user.subscriptions;
  return { id, phone: phone.id, browser: browser.id };
}

/** As a device does it: without a key. */
async function tell(path: string, body: object) {
  const answer = await fetch(`${server.carillon.url}${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ app_id: server.carillon.appId, device_type: 8, ...body }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

describe('what devices tell of a push message', () => {
  it('is counted once for each, and on its kind of device', async () => {
    const { id, phone, browser } = await push();
    for (const path of [`/notifications/${id}`, `/api/v1/notifications/${id}`]) {
      const told = await tell(path, { player_id: browser.toUpperCase(), opened: true });
      expect(told).toEqual({ status: 200, body: { success: true } });
    }
    await tell(`/notifications/${id}/report_received`, { player_id: browser });
    await tell(`/notifications/${id}/report_received`, { player_id: phone });
    const view = await server.view(id);
    expect(view).toMatchObject({ successful: 2, converted: 1, received: 2 });
    expect(view.platform_delivery_stats).toMatchObject({
      firefox_web_push: { successful: 1, converted: 1, received: 1 },
      android: { successful: 1, converted: 0, received: 1 },
    });
    expect(await server.test.database.rows(OUTCOMES, [id])).toEqual([
      { name: 'os__click', device_type: 8, count: 1 },
      { name: 'os__confirmed_delivery', device_type: 1, count: 1 },
      { name: 'os__confirmed_delivery', device_type: 8, count: 1 },
    ]);
  });

  it('is taken and forgotten where it is nobody that is told of', async () => {
    const { id } = await push();
    for (const player of [undefined, null, 'x', newId()]) {
      const told = await tell(`/notifications/${id}`, { player_id: player, opened: true });
      expect(told.status).toBe(200);
    }
    expect(await tell(`/notifications/${id}`, { opened: false })).toMatchObject({ status: 200 });
    expect(await server.view(id)).toMatchObject({ converted: 0, received: 0 });
  });

  it('is refused for a message that the app does not have', async () => {
    const { id, browser } = await push();
    const said = { player_id: browser, opened: true };
    expect(await tell(`/notifications/${newId()}`, said)).toMatchObject({ status: 404 });
    expect(await tell('/notifications/x', said)).toMatchObject({ status: 404 });
    expect(await tell(`/notifications/${id}`, { ...said, app_id: newId() })).toMatchObject({ status: 404 });
    expect(await tell(`/notifications/${id}`, { player_id: browser })).toMatchObject({ status: 400 });
  });
});
