import { randomUUID } from 'node:crypto';
import { rejects, strictEqual } from 'node:assert/strict';
import type { Case } from '../case.ts';
import { nodeClients } from '../clients/node-client.ts';
import type { Stage } from '../stage.ts';
import { through } from './through.ts';

async function createThroughNode(stage: Stage, id?: string) {
  const { app } = nodeClients(stage);
  return app.createSegment({
    ...(id !== undefined && { id }),
    name: `conformance ${randomUUID()}`,
    filters: [
      { field: 'session_count', relation: '>', value: '1' },
      { operator: 'AND' },
      { field: 'tag', key: 'a', relation: 'exists' },
    ],
  });
}

/** The freely licensed client that knows segments. */
export const segmentClientCases: readonly Case[] = [
  through('onesignal-node', 'createSegment', 'creates a segment under an id of its own', async (stage) => {
    const { app } = nodeClients(stage);
    const id = randomUUID();
    const created = await createThroughNode(stage, id);
    strictEqual(created.statusCode, 201);
    strictEqual(created.body.id, id);
    await rejects(createThroughNode(stage, id), { statusCode: 409 });
    await app.deleteSegment(id);
  }),
  through('onesignal-node', 'deleteSegment', 'deletes a segment once', async (stage) => {
    const { app } = nodeClients(stage);
    const { body } = await createThroughNode(stage);
    const deleted = await app.deleteSegment(body.id as string);
    strictEqual(deleted.body.success, true);
    await rejects(app.deleteSegment(body.id as string), { statusCode: 404 });
  }),
];
