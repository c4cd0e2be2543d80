import { asJson, statement } from '../../../../platform/database/database.ts';
import type { Database } from '../../../../platform/database/database.ts';
import type { Arrival, KeptMessage, MessageBox, MessageFilter, Uninstalled } from './message-box.ts';

const COLUMNS = `id, channel, provider_id, message_id, lane, subscription_id, account, sender, recipient, fate,
  received_at, uninstalled_at`;

// Of mails alone the reporter tells: the others have nothing left to be reported.
const insert = statement(
  'sandbox.insert',
  `with arrived as (
     insert into sandbox_messages
       (channel, provider_id, message_id, lane, subscription_id, account, sender, recipient, raw, fate, received_at,
        reported_at)
     select channel, provider_id, message_id, lane, subscription_id, account, sender, recipient,
       decode(raw, 'base64'), fate, received_at, case when channel <> 'email' then received_at end
     from jsonb_to_recordset($1::jsonb) as arrived (channel text, provider_id text, message_id uuid, lane int,
       subscription_id uuid, account text, sender text, recipient text, raw text, fate text, received_at timestamptz)
     returning id)
   select max(id) as newest from arrived`,
);

const trim = statement('sandbox.trim', 'delete from sandbox_messages where id <= $1');

const list = statement(
  'sandbox.list',
  `select ${COLUMNS} from sandbox_messages
   where ($1::text is null or position(lower($1) in lower(recipient)) > 0)
     and ($2::uuid is null or message_id = $2)
     and ($3::bigint is null or id < $3)
     and ($4::bigint is null or id > $4)
     and ($5::text is null or channel = $5)
   order by id desc limit $6`,
);

const find = statement('sandbox.find', `select ${COLUMNS} from sandbox_messages where id = $1`);

const raws = statement('sandbox.raws', 'select id, raw from sandbox_messages where id = any($1::bigint[])');

const unreported = statement(
  'sandbox.unreported',
  `select ${COLUMNS} from sandbox_messages
   where reported_at is null and message_id is not null and received_at > $1 order by id limit $2`,
);

const markReported = statement(
  'sandbox.mark-reported',
  'update sandbox_messages set reported_at = $2 where id = any($1::bigint[])',
);

const markUninstalled = statement(
  'sandbox.mark-uninstalled',
  'update sandbox_messages set uninstalled_at = $2 where id = $1 and uninstalled_at is null',
);

const uninstalled = statement(
  'sandbox.uninstalled',
  'select distinct channel, recipient from sandbox_messages where uninstalled_at is not null',
);

const arrivals = statement(
  'sandbox.arrivals',
  `select provider_id, count(*)::int as count from sandbox_messages
   where $1::uuid is null or message_id = $1 group by provider_id`,
);

const clear = statement('sandbox.clear', 'delete from sandbox_messages');

/** The rows of sandbox_messages: what arrived in the sandbox of a platform. */
export class MessageBoxStore implements MessageBox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In one statement. */
  async insert(batch: readonly Arrival[], keeps: number): Promise<void> {
    const rows = batch.map((arrival) => ({
      channel: arrival.channel,
      provider_id: storable(arrival.providerId),
      message_id: arrival.messageId,
      lane: arrival.reference?.lane ?? null,
      subscription_id: arrival.reference?.subscriptionId ?? null,
      account: storable(arrival.account),
      sender: storable(arrival.sender),
      recipient: storable(arrival.recipient),
      raw: arrival.raw.toString('base64'),
      fate: arrival.fate,
      received_at: new Date(arrival.at),
    }));
    const [result] = await this.#database.rows<{ newest: number }>(insert, [asJson(rows)]);
    const last = (result?.newest ?? 0) - keeps;
    if (last > 0) await this.#database.run(trim, [last]);
  }

  list({ recipient, messageId, before, after, channel, limit }: MessageFilter): Promise<KeptMessage[]> {
    return this.#database.rows(list, [recipient, messageId, before, after, channel, limit]);
  }

  async find(id: number): Promise<KeptMessage | null> {
    return (await this.#database.rows<KeptMessage>(find, [id]))[0] ?? null;
  }

  async raws(ids: readonly number[]): Promise<Map<number, Buffer>> {
    const rows = await this.#database.rows<{ id: number; raw: Buffer }>(raws, [ids]);
    return new Map(rows.map(({ id, raw }) => [id, raw]));
  }

  unreported(since: number, limit: number): Promise<KeptMessage[]> {
    return this.#database.rows(unreported, [new Date(since), limit]);
  }

  async markReported(ids: readonly number[], now: number): Promise<void> {
    await this.#database.run(markReported, [ids, new Date(now)]);
  }

  async markUninstalled(id: number, now: number): Promise<void> {
    await this.#database.run(markUninstalled, [id, new Date(now)]);
  }

  uninstalled(): Promise<Uninstalled[]> {
    return this.#database.rows(uninstalled);
  }

  async arrivals(messageId: string | null): Promise<Map<string, number>> {
    const rows = await this.#database.rows<{ provider_id: string; count: number }>(arrivals, [messageId]);
    return new Map(rows.map((row) => [row.provider_id, row.count]));
  }

  async clear(): Promise<void> {
    await this.#database.run(clear);
  }
}

/** PostgreSQL keeps no NUL, and anyone may send one. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '');
}
