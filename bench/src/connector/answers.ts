import type { ServerResponse } from 'node:http';

const JSON_TYPE = { 'content-type': 'application/json' };
const ID = '00000000-0000-4000-8000-000000000000';
const ONE = JSON.stringify({ identity: { onesignal_id: ID }, properties: {}, subscriptions: [] });
const QUIET = JSON.stringify({ events: [], cursor: '0', has_more: false });
const QUIET_MS = 1_000;

/** The feed of a target where nothing has happened, and nothing will for a while. */
export function answerQuietFeed(response: ServerResponse): void {
  setTimeout(() => response.writeHead(200, JSON_TYPE).end(QUIET), QUIET_MS);
}

/** Says that each user of a request, in bulk or alone, is there now. */
export function answerUsers(
  response: ServerResponse,
  { lines, isBulk, isNew }: { readonly lines: number; readonly isBulk: boolean; readonly isNew: boolean },
): void {
  if (isBulk) response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(bulkAnswer(lines));
  else response.writeHead(isNew ? 201 : 202, JSON_TYPE).end(ONE);
}

function bulkAnswer(lines: number): string {
  const results = Array.from({ length: lines }, (_, i) => ({
    line: i + 1,
    status: 'created',
    onesignal_id: ID,
  }));
  const done = { done: true, lines, created: lines, updated: 0, unchanged: 0, rejected: 0 };
  return [...results, done].map((line) => `${JSON.stringify(line)}\n`).join('');
}
