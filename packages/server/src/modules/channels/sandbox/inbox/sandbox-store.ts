import { asJson, statement } from '../../../../platform/database/database.ts';
import type { Database } from '../../../../platform/database/database.ts';
import type { DeliveryReference } from '../../delivery-reference.ts';
import type { ArrivedMail } from '../mail/smtp-receiver.ts';

/** A message as it is listed. */
export interface KeptMessage {
  readonly id: number;
  readonly provider_id: string;
  readonly message_id: string | null;
  readonly lane: number | null;
  readonly subscription_id: string | null;
  readonly sender: string;
  readonly recipient: string;
  readonly fate: 'delivered' | 'bounced';
  readonly received_at: Date;
}

export interface ArrivedMessage extends ArrivedMail {
  /** The delivery that it is, or null when it is not one of ours. */
  readonly reference: DeliveryReference | null;
}

export interface MessageFilter {
  /** Part of the recipient's address, in any case. */
  readonly recipient: string | null;
  readonly messageId: string | null;
  /** Only messages before this one: the cursor. */
  readonly before: number | null;
  readonly limit: number;
}

const COLUMNS = 'id, provider_id, message_id, lane, subscription_id, sender, recipient, fate, received_at';

const insert = statement(
  'sandbox.insert',
  `with arrived as (
     insert into sandbox_messages
       (channel, provider_id, message_id, lane, subscription_id, sender, recipient, raw, fate, received_at)
     select 'email', provider_id, message_id, lane, subscription_id, sender, recipient,
       decode(raw, 'base64'), fate, received_at
     from jsonb_to_recordset($1::jsonb) as arrived (provider_id text, message_id uuid, lane int,
       subscription_id uuid, sender text, recipient text, raw text, fate text, received_at timestamptz)
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
   order by id desc limit $4`,
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

const arrivals = statement(
  'sandbox.arrivals',
  `select provider_id, count(*)::int as count from sandbox_messages
   where $1::uuid is null or message_id = $1 group by provider_id`,
);

const clear = statement('sandbox.clear', 'delete from sandbox_messages');

/** The rows of sandbox_messages. */
export class SandboxStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores a batch in one statement, and lets go of all but the newest `keeps` messages. */
  async insert(batch: readonly ArrivedMessage[], keeps: number): Promise<void> {
    const rows = batch.map(({ reference, raw, at, ...mail }) => ({
      provider_id: storable(mail.providerId),
      message_id: reference?.messageId ?? null,
      lane: reference?.lane ?? null,
      subscription_id: reference?.subscriptionId ?? null,
      sender: storable(mail.sender),
      recipient: storable(mail.recipient),
      raw: raw.toString('base64'),
      fate: mail.fate,
      received_at: new Date(at),
    }));
    const [result] = await this.#database.rows<{ newest: number }>(insert, [asJson(rows)]);
    const last = (result?.newest ?? 0) - keeps;
    if (last > 0) await this.#database.run(trim, [last]);
  }

  list({ recipient, messageId, before, limit }: MessageFilter): Promise<KeptMessage[]> {
    return this.#database.rows(list, [recipient, messageId, before, limit]);
  }

  async find(id: number): Promise<KeptMessage | null> {
    return (await this.#database.rows<KeptMessage>(find, [id]))[0] ?? null;
  }

  /** The messages as they were sent, by id. */
  async raws(ids: readonly number[]): Promise<Map<number, Buffer>> {
    const rows = await this.#database.rows<{ id: number; raw: Buffer }>(raws, [ids]);
    return new Map(rows.map(({ id, raw }) => [id, raw]));
  }

  /** Messages of ours, received after `since`, whose fate has not been told yet; the oldest first. */
  unreported(since: number, limit: number): Promise<KeptMessage[]> {
    return this.#database.rows(unreported, [new Date(since), limit]);
  }

  async markReported(ids: readonly number[], now: number): Promise<void> {
    await this.#database.run(markReported, [ids, new Date(now)]);
  }

  /** How often each Message-ID has arrived, of one message or of all. */
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
