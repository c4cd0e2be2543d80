import { ConfigInvalid } from '../../config/config-invalid.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Connector } from '../../config/config.ts';
import { ask } from '../../home/asked.ts';
import { triggersOf } from '../../model/triggers.ts';
import type { Trigger } from '../../model/triggers.ts';
import { openSource } from '../../sources/open-source.ts';
import { countOf } from '../ago.ts';
import { EXIT } from '../exit-code.ts';
import { readTime } from '../read-time.ts';
import { whoTakesIt } from '../who-takes-it.ts';
import { confirmUsers, exportUsers } from './import-users.ts';
import { findHistory } from './find-history.ts';

export interface BackfillOptions {
  readonly config: string;
  readonly json: boolean;
  readonly events?: readonly string[];
  readonly messages?: readonly string[];
  readonly since?: string;
  readonly yes: boolean;
  readonly via?: string;
  readonly out: string;
  readonly confirmImported: boolean;
}

/**
 * `backfill`: rows that had come to a named trigger's state before the connector watched fire after all.
 * `--via csv` is for users, on the way that OneSignal has for many of them.
 */
export async function backfill(options: BackfillOptions): Promise<number> {
  const { events = [], messages = [], since, yes, json, via, confirmImported } = options;
  const connector = await loadConfig(options.config);
  if (via !== undefined || confirmImported) {
    if (via !== undefined && confirmImported)
      throw new ConfigInvalid('--confirm-imported', 'is said when the import is done, without --via');
    return confirmImported ? confirmUsers(connector, json) : exportUsers(connector, options);
  }
  const from = since === undefined ? null : readTime('--since', since);
  const triggers = [
    ...events.map((name) => named(connector, 'event', name)),
    ...messages.map((name) => named(connector, 'message', name)),
  ];
  if (triggers.length === 0) {
    throw new ConfigInvalid(
      'backfill',
      'names triggers with --events or --messages; users are brought over by sync, or with --via csv',
    );
  }
  for (const trigger of triggers) {
    const count = await queue(connector, trigger, from, yes);
    const told = { what: trigger.what, name: trigger.name, count, queued: yes };
    const way = yes ? `queued: ${whoTakesIt(connector.home)} sends them` : 'would be queued: say --yes';
    process.stdout.write(
      json ? `${JSON.stringify(told)}\n` : `${trigger.what} ${trigger.name}: ${countOf(count)} ${way}\n`,
    );
  }
  return EXIT.done;
}

async function queue(
  connector: Connector,
  trigger: Trigger,
  since: number | null,
  yes: boolean,
): Promise<number> {
  const source = await openSource(connector);
  let count = 0;
  try {
    for await (const items of findHistory(connector, source, trigger, since)) {
      count += items.length;
      if (yes && items.length > 0) ask(connector.home, { kind: 'replay', items });
    }
  } finally {
    await source.close();
  }
  return count;
}

function named(connector: Connector, what: Trigger['what'], name: string): Trigger {
  const there = triggersOf(connector).filter((trigger) => trigger.what === what);
  const found = there.find((trigger) => trigger.name === name);
  if (found !== undefined) return found;
  throw new ConfigInvalid(
    `--${what}s`,
    `names one of ${there.map((it) => it.name).join(', ')}; it is "${name}"`,
  );
}
