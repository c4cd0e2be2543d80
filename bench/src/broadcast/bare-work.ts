import type { Database } from '@carillon/server';
import { Liquid } from 'liquidjs';

const BATCH = 1_000;

/** Liquid alone, on the main thread, compiled once: emails a second. */
export function bareRendering(subject: string, body: string, count: number): number {
  const liquid = new Liquid({ ownPropertyOnly: true });
  const templates = [liquid.parse(subject), liquid.parse(body)];
  let length = 0;
  const from = performance.now();
  for (let n = 0; n < count; n += 1) {
    const tags = { first_name: `Person${n}`, plan: 'gold', city: 'Utrecht', orders: String(n), last: 'tea' };
    for (const template of templates) length += String(liquid.renderSync(template, tags)).length;
  }
  if (length === 0) throw new Error('nothing was rendered');
  return (count / (performance.now() - from)) * 1_000;
}

/** Rows like the ledger's, a thousand a statement, one connection, each batch a commit: rows a second. */
export async function bareInsert(database: Database, count: number): Promise<number> {
  await database.run({
    name: '',
    text: `create table bare_ledger (lane int, message_id uuid, subscription_id uuid, user_id uuid, page int,
      attempts smallint, state text, reason text, ref text, at timestamptz, primary key (lane, message_id, subscription_id))`,
  });
  const insert = {
    name: 'bench.bare-ledger',
    text: `insert into bare_ledger select r.l, r.m, r.s, r.u, 1, 1, 'sent', null, null, $2
      from jsonb_to_recordset($1) as r (l int, m uuid, s uuid, u uuid)`,
  };
  const message = crypto.randomUUID();
  const from = performance.now();
  for (let done = 0; done < count; done += BATCH) {
    const rows = Array.from({ length: BATCH }, () => ({
      l: Math.floor((done / count) * 256),
      m: message,
      s: crypto.randomUUID(),
      u: crypto.randomUUID(),
    }));
    await database.run(insert, [JSON.stringify(rows), new Date()]);
  }
  const rate = (count / (performance.now() - from)) * 1_000;
  await database.run({ name: '', text: 'drop table bare_ledger' });
  return rate;
}
