import type { Connector } from '../../config/config.ts';
import { openDestination } from '../../destination/open-destination.ts';
import type { Finding, Source } from '../../model/source.ts';
import { openSource } from '../../sources/open-source.ts';
import { checkClock } from './check-clock.ts';
import { checkHome } from './check-home.ts';
import { checkUsers } from './check-users.ts';

/** Every precondition on both ends, each with what to do about it. Changes nothing. */
export async function runCheck(connector: Connector): Promise<readonly Finding[]> {
  const source = await openSource(connector);
  const target = openDestination(connector.target);
  const needs = {
    templates: Object.values(connector.messages).map(({ template }) => template),
    tags: Object.keys(connector.users?.tags ?? {}).length,
    sendsEvents: Object.keys(connector.events).length > 0,
  };
  try {
    const found = await source.check();
    // Rows are read only where the model can be.
    const readable = !found.some(({ what, state }) => what === 'users.model' && state === 'refused');
    const clock = await checkClock(connector.target.url);
    return [
      ...found,
      ...(connector.users !== null && readable ? await checkUsers(connector.users, source) : []),
      ...checkHome(connector),
      ...(await checkBack(connector, source)),
      ...(await target.check(needs)),
      ...(clock === null ? [] : [clock]),
    ];
  } finally {
    await target.close();
    await source.close();
  }
}

async function checkBack({ back }: Connector, { database }: Source): Promise<Finding[]> {
  if (back === null) return [];
  const what = `back.table ${back.table}`;
  if (database === null) {
    const detail = 'this kind of source cannot be written to';
    return [{ what, state: 'refused', detail, fix: 'leave `back` out' }];
  }
  return [{ what, ...(await database.checkEventTable(back.table)) }];
}
