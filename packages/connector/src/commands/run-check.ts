import type { Connector } from '../config/config.ts';
import { openDestination } from '../destination/open-destination.ts';
import type { Finding } from '../model/source.ts';
import { checkSource } from '../sources/postgres/check-source.ts';
import { openPool } from '../sources/postgres/postgres-source.ts';

/** Every precondition on both ends, each with what to do about it. Changes nothing. */
export async function runCheck(connector: Connector): Promise<readonly Finding[]> {
  const pool = openPool(connector.source.url, 1);
  const target = openDestination(connector.target);
  const needs = {
    templates: Object.values(connector.messages).map(({ template }) => template),
    tags: Object.keys(connector.users?.tags ?? {}).length,
    sendsEvents: Object.keys(connector.events).length > 0,
  };
  try {
    return [...(await checkSource(pool, connector)), ...(await target.check(needs))];
  } finally {
    await target.close();
    await pool.end();
  }
}
