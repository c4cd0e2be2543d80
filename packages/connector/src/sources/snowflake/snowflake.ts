import { createHash, createPublicKey, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { SnowflakeAccess, SnowflakeSource } from '../../config/warehouses.ts';
import { asText } from '../../model/as-text.ts';
import type { Source, SourceColumn } from '../../model/source.ts';
import { bearer } from '../http/bearer.ts';
import { privateKeyOf, signedJwt } from '../http/jwt.ts';
import { send, sendForJson } from '../http/send.ts';
import type { Ask } from '../http/send.ts';
import type { Warehouse, WarehouseStatement } from '../warehouse/warehouse.ts';
import { WarehouseSource } from '../warehouse/warehouse-source.ts';
import { cellValue, columnOf, nameOf } from './cell-values.ts';
import type { SnowflakeColumn } from './cell-values.ts';
import { SNOWFLAKE } from './snowflake-dialect.ts';

const WHAT = 'Snowflake';
const TOKEN_SECONDS = 3600;
const FIRST_POLL_MS = 200;
const LONGEST_POLL_MS = 5000;
const STATEMENT_SECONDS = 3600;

/** 200: rows and how they are divided; 202: the handle alone. */
interface Answer {
  readonly statementHandle: string;
  readonly resultSetMetaData?: {
    readonly rowType: readonly SnowflakeColumn[];
    readonly partitionInfo: readonly unknown[];
  };
  readonly data?: readonly (readonly (string | null)[])[];
}

export function openSnowflake(connector: Connector, settings: SnowflakeSource): Promise<Source> {
  return Promise.resolve(new WarehouseSource(connector, new Snowflake(settings), settings.keys));
}

/** The SQL API, version 2. https://docs.snowflake.com/en/developer-guide/sql-api/reference */
export class Snowflake implements Warehouse {
  readonly dialect = SNOWFLAKE;
  readonly #access: SnowflakeAccess;
  readonly #url: string;
  readonly #authorize: (ask: Ask, renew: boolean) => Promise<Record<string, string>>;

  constructor(access: SnowflakeAccess) {
    this.#access = access;
    this.#url = (access.url ?? `https://${access.account}.snowflakecomputing.com`).replace(/\/$/, '');
    this.#authorize = bearer(keyPairToken(access), { 'x-snowflake-authorization-token-type': 'KEYPAIR_JWT' });
  }

  async *query(statement: WarehouseStatement, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
    const first = await this.#run(statement, signal);
    const columns = first.resultSetMetaData?.rowType ?? [];
    const parts = first.resultSetMetaData?.partitionInfo.length ?? 1;
    yield rowsOf(first, columns);
    for (let part = 1; part < parts; part += 1) {
      const url = `${this.#url}/api/v2/statements/${first.statementHandle}?partition=${part}`;
      yield rowsOf(await sendForJson<Answer>({ url, headers: ACCEPT }, this.#options(signal)), columns);
    }
  }

  async describe(statement: WarehouseStatement): Promise<readonly SourceColumn[]> {
    const { resultSetMetaData } = await this.#run(statement, NEVER);
    return (resultSetMetaData?.rowType ?? []).map(columnOf);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Waits for the statement to end: it answers 202 while it runs. */
  async #run({ text, values }: WarehouseStatement, signal: AbortSignal): Promise<Answer> {
    const { warehouse, database, schema, role } = this.#access;
    const body = JSON.stringify({
      statement: text,
      timeout: STATEMENT_SECONDS,
      warehouse,
      database,
      ...(schema !== undefined && { schema }),
      ...(role !== undefined && { role }),
      bindings: Object.fromEntries(
        values.map((value, at) => [
          String(at + 1),
          { type: 'TEXT', value: value === null ? null : asText(value) },
        ]),
      ),
      // Every session of a person may have other settings, and texts of times must stay the same.
      parameters: { TIMEZONE: 'UTC', MULTI_STATEMENT_COUNT: '1' },
    });
    const headers = { ...ACCEPT, 'content-type': 'application/json' };
    // A repeated request with the same id is not run twice.
    const url = `${this.#url}/api/v2/statements?requestId=${randomUUID()}&retry=true`;
    let response = await send({ method: 'POST', url, headers, body }, this.#options(signal));
    for (let wait = FIRST_POLL_MS; response.status === 202; wait = Math.min(wait * 2, LONGEST_POLL_MS)) {
      const { statementHandle } = (await response.json()) as Answer;
      await pause(wait, undefined, { signal });
      const poll = `${this.#url}/api/v2/statements/${statementHandle}`;
      response = await send({ url: poll, headers: ACCEPT }, this.#options(signal));
    }
    return (await response.json()) as Answer;
  }

  #options(signal: AbortSignal) {
    return { what: WHAT, signal, authorize: this.#authorize };
  }
}

const ACCEPT = { accept: 'application/json', 'user-agent': 'carillon-connector' };
const NEVER = new AbortController().signal;

function rowsOf({ data = [] }: Answer, columns: readonly SnowflakeColumn[]): Row[] {
  return data.map((cells) =>
    Object.fromEntries(
      columns.map((column, at) => [nameOf(column.name), cellValue(cells[at] ?? null, column)]),
    ),
  );
}

/** https://docs.snowflake.com/en/developer-guide/sql-api/authenticating */
function keyPairToken({ account, user, privateKey }: SnowflakeAccess) {
  const key = privateKeyOf('source.privateKey', privateKey);
  if (key.asymmetricKeyType !== 'rsa') throw new ConfigInvalid('source.privateKey', 'is an RSA key');
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const fingerprint = `SHA256:${createHash('sha256').update(spki).digest('base64')}`;
  // The region behind a dot is no part of the account's name here.
  const subject = `${account.split('.')[0]}.${user}`.toUpperCase();
  return () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: `${subject}.${fingerprint}`, sub: subject, iat: now, exp: now + TOKEN_SECONDS };
    return Promise.resolve({ value: signedJwt(key, claims), endsAt: (now + TOKEN_SECONDS) * 1000 });
  };
}
