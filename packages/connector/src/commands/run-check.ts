import type { Connector } from '../config/config.ts';
import { MessagingApi } from '../destination/messaging-api.ts';
import type { Finding } from '../model/source.ts';
import { checkSource } from '../sources/postgres/check-source.ts';
import { openPool } from '../sources/postgres/postgres-source.ts';

/** Every precondition on both ends, each with what to do about it. Changes nothing. */
export async function runCheck(connector: Connector): Promise<readonly Finding[]> {
  const pool = openPool(connector.source.url, 1);
  const target = new MessagingApi(connector.target, { onTrouble: () => undefined });
  const templates = Object.values(connector.messages).map(({ template }) => template);
  try {
    return [...(await checkSource(pool, connector)), ...(await target.check(templates))];
  } finally {
    await target.close();
    await pool.end();
  }
}
