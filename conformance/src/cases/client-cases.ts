import { randomUUID } from 'node:crypto';
import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import type { Case } from '../case.ts';
import { coreClients } from '../clients/core-client.ts';
import { nodeClients } from '../clients/node-client.ts';
import type { Stage } from '../stage.ts';
import { Caller } from '../wire/caller.ts';
import { serverVoices } from '../wire/voice.ts';
import { newUser } from './new-user.ts';
import { through } from './through.ts';

const EMAIL = { email_subject: 'Conformance', email_body: '<p>Hello</p>' };
const TOMORROW = () => new Date(Date.now() + 86_400_000).toISOString();

/** What their types do not know yet, and they pass on. */
async function forOne(stage: Stage): Promise<object> {
  const { externalId } = await newUser(new Caller(stage, serverVoices[0]));
  return {
    include_aliases: { external_id: [externalId] },
    target_channel: 'email',
    send_after: TOMORROW(),
    ...EMAIL,
  };
}

export const clientCases: readonly Case[] = [
  through(
    'onesignal-node',
    'createNotification',
    'sends, and reads id and Idempotent-Replayed',
    async (stage) => {
      const { app } = nodeClients(stage);
      const body = { ...(await forOne(stage)), external_id: randomUUID() };
      const first = await app.createNotification(body);
      strictEqual(first.statusCode, 200);
      strictEqual(first.body.external_id, body.external_id);
      const again = await app.createNotification(body);
      strictEqual(again.body.id, first.body.id);
      strictEqual(again.headers['idempotent-replayed'], 'true');
      await app.cancelNotification(first.body.id as string);
    },
  ),
  through(
    'onesignal-node',
    'createNotification',
    'rejects with HTTPError, the status and the body as text',
    async (stage) => {
      const { app } = nodeClients(stage);
      await rejects(app.createNotification({ ...EMAIL }), (error: { statusCode?: number; body?: string }) => {
        strictEqual(error.statusCode, 400);
        const { errors } = JSON.parse(error.body ?? '') as { errors: string[] };
        deepStrictEqual(errors, [
          'You must include which players, segments, or tags you wish to send this notification to.',
        ]);
        return true;
      });
    },
  ),
  through('onesignal-node', 'viewNotification', 'reads one message', async (stage) => {
    const { app } = nodeClients(stage);
    const { id } = (await app.createNotification(await forOne(stage))).body as { id: string };
    const { body } = await app.viewNotification(id);
    strictEqual(body.id, id);
    strictEqual(body.canceled, false);
    await app.cancelNotification(id);
  }),
  through(
    'onesignal-node',
    'viewNotifications',
    'reads a page with kind, limit and offset',
    async (stage) => {
      const { app } = nodeClients(stage);
      const { id } = (await app.createNotification(await forOne(stage))).body as { id: string };
      const { body } = await app.viewNotifications({ kind: 1, limit: 5, offset: 0 });
      strictEqual(body.limit, 5);
      ok((body.notifications as { id: string }[]).some((one) => one.id === id));
      await app.cancelNotification(id);
    },
  ),
  through(
    'onesignal-node',
    'cancelNotification',
    'cancels, and rejects with 404 for an unknown message',
    async (stage) => {
      const { app } = nodeClients(stage);
      const { id } = (await app.createNotification(await forOne(stage))).body as { id: string };
      deepStrictEqual((await app.cancelNotification(id)).body, { success: true });
      await rejects(app.cancelNotification(randomUUID()), {
        statusCode: 404,
        body: '{"errors":["Notification not found"]}',
      });
    },
  ),
  through('onesignal-node', 'viewApps', 'reads the list of apps', async (stage) => {
    const { body } = await nodeClients(stage).organization.viewApps();
    ok((body as { id: string }[]).some(({ id }) => id === stage.app));
  }),
  through('onesignal-node', 'viewApp', 'reads one app', async (stage) => {
    strictEqual((await nodeClients(stage).organization.viewApp(stage.app)).body.id, stage.app);
  }),
  through('onesignal-node', 'createApp', 'creates an app', async (stage) => {
    const body = { name: 'conformance onesignal-node', organization_id: stage.organization?.id ?? '' };
    const { statusCode, body: app } = await nodeClients(stage).organization.createApp(body);
    strictEqual(statusCode, 200);
    strictEqual(app.name, body.name);
  }),
  through('onesignal-node', 'updateApp', 'changes an app', async (stage) => {
    const { organization } = nodeClients(stage);
    const { name } = (await organization.viewApp(stage.app)).body as { name: string };
    const { body } = await organization.updateApp(stage.app, { name });
    deepStrictEqual({ id: body.id, name: body.name }, { id: stage.app, name });
  }),

  through('onesignal-api-client-core', 'createNotification', 'sends', async (stage) => {
    const { app } = coreClients(stage);
    const body = { ...(await forOne(stage)), external_id: randomUUID() };
    const { id } = await app.createNotification(body);
    ok(id.length === 36);
    strictEqual((await app.createNotification(body)).id, id);
    await app.cancelNotification({ id });
  }),
  through(
    'onesignal-api-client-core',
    'createNotification',
    'rejects with the status and the parsed body',
    async (stage) => {
      const { app } = coreClients(stage);
      await rejects(
        app.createNotification({ ...EMAIL }),
        (error: { response?: { status: number; data: unknown } }) => {
          strictEqual(error.response?.status, 400);
          ok(Array.isArray((error.response.data as { errors: unknown }).errors));
          return true;
        },
      );
    },
  ),
  through('onesignal-api-client-core', 'viewNotification', 'reads one message', async (stage) => {
    const { app } = coreClients(stage);
    const { id } = await app.createNotification(await forOne(stage));
    strictEqual((await app.viewNotification({ id })).id, id);
    await app.cancelNotification({ id });
  }),
  through('onesignal-api-client-core', 'trackOpen', 'tells that a message was opened', async (stage) => {
    const { app } = coreClients(stage);
    const { id } = await app.createNotification({
      include_external_user_ids: [(await newUser(new Caller(stage, serverVoices[0]))).externalId],
      channel_for_external_user_ids: 'email',
      ...EMAIL,
    });
    // It does not say who has opened it: that is taken, and counts for nobody.
    deepStrictEqual(await app.trackOpen({ notificationId: id, opened: true }), { success: true });
  }),
  through('onesignal-api-client-core', 'viewNotifications', 'reads a page', async (stage) => {
    const { app } = coreClients(stage);
    const { id } = await app.createNotification(await forOne(stage));
    const page = await app.viewNotifications({ limit: 5, offset: 0, kind: 1 });
    ok(page.notifications.some((one) => one.id === id));
    await app.cancelNotification({ id });
  }),
  through('onesignal-api-client-core', 'cancelNotification', 'cancels', async (stage) => {
    const { app } = coreClients(stage);
    const { id } = await app.createNotification(await forOne(stage));
    deepStrictEqual(await app.cancelNotification({ id }), { success: true });
  }),
  through('onesignal-api-client-core', 'viewApps', 'reads the list of apps', async (stage) => {
    const apps = await coreClients(stage).organization.viewApps();
    ok(apps.some(({ id }) => id === stage.app));
  }),
  through('onesignal-api-client-core', 'viewApp', 'reads one app', async (stage) => {
    strictEqual((await coreClients(stage).organization.viewApp({ id: stage.app })).id, stage.app);
  }),
  through('onesignal-api-client-core', 'createApp', 'creates an app', async (stage) => {
    const body = { name: 'conformance api-client-core', organization_id: stage.organization?.id ?? '' };
    strictEqual((await coreClients(stage).organization.createApp(body)).name, body.name);
  }),
  through('onesignal-api-client-core', 'updateApp', 'changes an app', async (stage) => {
    const { organization } = coreClients(stage);
    const { name } = await organization.viewApp({ id: stage.app });
    const changed = await organization.updateApp({ id: stage.app, name });
    deepStrictEqual({ id: changed.id, name: changed.name }, { id: stage.app, name });
  }),
];
