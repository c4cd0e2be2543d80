import type { Account, ApiFleet } from './api-fleet.ts';
import type { SendLines } from './bulk-writer.ts';
import type { Call } from './person.ts';

/** Calls some process that lives; one that dies meanwhile gives no answer. */
export function callsOf(fleet: ApiFleet, { appId, appKey }: Account): Call {
  const headers = { authorization: `Key ${appKey}`, 'content-type': 'application/json' };
  return async (method, path, body) => {
    const url = `${await fleet.anyone()}/apps/${appId}/${path}`;
    try {
      const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      return { status: answer.status, body: (await answer.json()) as object };
    } catch {
      return null;
    }
  };
}

/** Bulk requests to some process that lives; the answer of one that dies breaks off. */
export function bulkOf(fleet: ApiFleet, { appId, appKey }: Account): SendLines {
  const headers = { authorization: `Key ${appKey}`, 'content-type': 'application/x-ndjson' };
  return async function* send(lines) {
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const url = `${await fleet.anyone()}/apps/${appId}/users/bulk`;
    const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => null);
    if (answer === null) return;
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    yield* wholeLines(answer);
  };
}

/** What was cut off in the middle of a line is no line. */
async function* wholeLines(answer: Response): AsyncGenerator {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of answer.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line);
    }
  } catch (error) {
    // The connection, and nothing else: what came before it counts.
    if (!(error instanceof TypeError)) throw error;
  }
}
