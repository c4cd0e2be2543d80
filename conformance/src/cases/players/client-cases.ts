import { randomUUID } from 'node:crypto';
import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import type { Case } from '../../case.ts';
import { coreClients } from '../../clients/core-client.ts';
import { nodeClients } from '../../clients/node-client.ts';
import type { Stage } from '../../stage.ts';
import { through } from '../through.ts';

const IOS = 0;
const ANDROID = 1;

function newToken(): string {
  return `conformance-${randomUUID()}`;
}

async function addThroughNode(stage: Stage, body: object = {}): Promise<string> {
  const { app } = nodeClients(stage);
  const answer = await app.addDevice({ device_type: ANDROID, identifier: newToken(), ...body });
  deepStrictEqual(Object.keys(answer.body), ['success', 'id']);
  return answer.body.id as string;
}

/** The freely licensed clients, whose devices are players. */
export const playerClientCases: readonly Case[] = [
  through('onesignal-node', 'addDevice', 'adds a device, and the same one again', async (stage) => {
    const identifier = newToken();
    const id = await addThroughNode(stage, { identifier, timezone: -28_800, tags: { a: 1, b: true } });
    strictEqual(await addThroughNode(stage, { identifier }), id);
  }),
  through('onesignal-node', 'addDevice', 'rejects with HTTPError for no platform', async (stage) => {
    await rejects(
      addThroughNode(stage, { device_type: 99 }),
      (error: { statusCode?: number; body?: string }) => {
        strictEqual(error.statusCode, 400);
        ok(error.body?.includes('not a valid device_type'));
        return true;
      },
    );
  }),
  through('onesignal-node', 'viewDevice', 'reads a device', async (stage) => {
    const identifier = newToken();
    const id = await addThroughNode(stage, { identifier, tags: { a: 1 } });
    const { body } = await nodeClients(stage).app.viewDevice(id);
    deepStrictEqual(
      { id: body.id, identifier: body.identifier, tags: body.tags, type: body.device_type },
      { id, identifier, tags: { a: '1' }, type: ANDROID },
    );
  }),
  through('onesignal-node', 'viewDevices', 'reads a page with limit and offset', async (stage) => {
    await addThroughNode(stage);
    const { body } = await nodeClients(stage).app.viewDevices({ limit: 1, offset: 0 });
    strictEqual(body.limit, 1);
    strictEqual((body.players as object[]).length, 1);
  }),
  through('onesignal-node', 'editDevice', 'changes a device', async (stage) => {
    const { app } = nodeClients(stage);
    const id = await addThroughNode(stage);
    deepStrictEqual((await app.editDevice(id, { tags: { a: 'b' }, country: 'PT' })).body, { success: true });
    const { body } = await app.viewDevice(id);
    deepStrictEqual([body.tags, body.country], [{ a: 'b' }, 'PT']);
  }),
  through('onesignal-node', 'deleteDevice', 'deletes, and rejects with 404 after that', async (stage) => {
    const { app } = nodeClients(stage);
    const id = await addThroughNode(stage);
    deepStrictEqual((await app.deleteDevice(id)).body, { success: true });
    await rejects(app.deleteDevice(id), { statusCode: 404 });
  }),
  through(
    'onesignal-node',
    'editTagsWithExternalUserIdDevice',
    'changes the tags of a user',
    async (stage) => {
      const { app } = nodeClients(stage);
      const externalId = `conformance-${randomUUID()}`;
      const id = await addThroughNode(stage, { external_user_id: externalId });
      const answer = await app.editTagsWithExternalUserIdDevice(externalId, { tags: { a: 'b' } });
      deepStrictEqual(answer.body, { success: true });
      deepStrictEqual((await app.viewDevice(id)).body.tags, { a: 'b' });
    },
  ),
  through('onesignal-node', 'newSession', 'counts a session', async (stage) => {
    const { app } = nodeClients(stage);
    const id = await addThroughNode(stage);
    strictEqual((await app.newSession(id, { language: 'es' })).body.success, true);
    const { body } = await app.viewDevice(id);
    deepStrictEqual([body.session_count, body.language], [2, 'es']);
  }),
  through('onesignal-node', 'newPurchase', 'adds to what was spent', async (stage) => {
    const { app } = nodeClients(stage);
    const id = await addThroughNode(stage);
    const purchases = [{ sku: 'SKU123', iso: 'USD', amount: 1.5 }];
    deepStrictEqual((await app.newPurchase(id, { purchases })).body, { success: true });
    strictEqual((await app.viewDevice(id)).body.amount_spent, 1.5);
  }),
  through('onesignal-node', 'incrementSessionLength', 'adds the time of a session', async (stage) => {
    const { app } = nodeClients(stage);
    const id = await addThroughNode(stage);
    const answer = await app.incrementSessionLength(id, { state: 'ping', active_time: 60 });
    deepStrictEqual(answer.body, { success: true });
    strictEqual((await app.viewDevice(id)).body.playtime, 60);
  }),

  through('onesignal-api-client-core', 'createDevice', 'adds a device', async (stage) => {
    const { app } = coreClients(stage);
    const { success, id } = await app.createDevice({ device_type: ANDROID, identifier: newToken() });
    deepStrictEqual([success, id.length], [true, 36]);
  }),
  through(
    'onesignal-api-client-core',
    'updateDevice',
    'changes a device, and names no app',
    async (stage) => {
      const { app } = coreClients(stage);
      const { id } = await app.createDevice({ device_type: IOS, identifier: 'ab'.repeat(32) });
      const changed = await app.updateDevice({ id, device_type: IOS, tags: { a: 'b' }, game_version: '2' });
      deepStrictEqual(changed, { success: true });
      const { tags, game_version: version } = await app.viewDevice({ id });
      deepStrictEqual([tags, version], [{ a: 'b' }, '2']);
    },
  ),
  through('onesignal-api-client-core', 'viewDevice', 'reads a device', async (stage) => {
    const { app } = coreClients(stage);
    const identifier = newToken();
    const { id } = await app.createDevice({ device_type: ANDROID, identifier });
    strictEqual((await app.viewDevice({ id })).identifier, identifier);
  }),
  through('onesignal-api-client-core', 'viewDevices', 'reads the list', async (stage) => {
    const { app } = coreClients(stage);
    await app.createDevice({ device_type: ANDROID, identifier: newToken() });
    const { limit, offset, players } = await app.viewDevices();
    deepStrictEqual([limit, offset], [300, 0]);
    ok(players.length > 0);
  }),
  through('onesignal-api-client-core', 'newSession', 'counts a session, and sends no body', async (stage) => {
    const { app } = coreClients(stage);
    const { id } = await app.createDevice({ device_type: ANDROID, identifier: newToken() });
    strictEqual((await app.newSession({ deviceId: id })).success, true);
    strictEqual((await app.viewDevice({ id })).session_count, 2);
  }),
];
