import { setTimeout as pause } from 'node:timers/promises';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { DatabricksAccess, DatabricksSource } from '../../config/warehouses.ts';
import { asText } from '../../model/as-text.ts';
import type { Source, SourceColumn } from '../../model/source.ts';
import { askToken } from '../http/ask-token.ts';
import { bearer } from '../http/bearer.ts';
import { sendForJson } from '../http/send.ts';
import type { Ask } from '../http/send.ts';
import { SourceUnreachable } from '../http/source-failure.ts';
import type { Warehouse, WarehouseStatement } from '../warehouse/warehouse.ts';
import { WarehouseSource } from '../warehouse/warehouse-source.ts';
import { cellValue, columnOf } from './cell-values.ts';
import type { DatabricksColumn } from './cell-values.ts';
import { DATABRICKS } from './databricks-dialect.ts';

const WHAT = 'Databricks';
const FIRST_POLL_MS = 200;
const LONGEST_POLL_MS = 5000;
/** Failures of the service, not of the statement. */
const PASSING: ReadonlySet<string> = new Set([
  'INTERNAL_ERROR',
  'TEMPORARILY_UNAVAILABLE',
  'SERVICE_UNDER_MAINTENANCE',
  'WORKSPACE_TEMPORARILY_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
]);

/** A part of the rows: as links to files, or the cells themselves where the answer is small. */
interface Chunk {
  readonly data_array?: readonly (readonly (string | null)[])[];
  readonly external_links?: readonly {
    readonly external_link: string;
    readonly next_chunk_internal_link?: string;
  }[];
  readonly next_chunk_internal_link?: string;
}

interface Answer {
  readonly statement_id: string;
  readonly status: {
    readonly state: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'CLOSED';
    readonly error?: { readonly error_code?: string; readonly message?: string };
  };
  readonly manifest?: { readonly schema: { readonly columns?: readonly DatabricksColumn[] } };
  readonly result?: Chunk;
}

export function openDatabricks(connector: Connector, settings: DatabricksSource): Promise<Source> {
  return Promise.resolve(new WarehouseSource(connector, new Databricks(settings), settings.keys));
}

/** The Statement Execution API. https://docs.databricks.com/api/workspace/statementexecution */
export class Databricks implements Warehouse {
  readonly dialect = DATABRICKS;
  readonly #access: DatabricksAccess;
  readonly #url: string;
  readonly #closed = new AbortController();
  readonly #authorize: (ask: Ask, renew: boolean) => Promise<Record<string, string>>;

  constructor(access: DatabricksAccess) {
    this.#access = access;
    this.#url = access.url.replace(/\/$/, '');
    this.#authorize = bearer(tokenOf(access, this.#url, this.#closed.signal));
  }

  async *query(statement: WarehouseStatement, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
    const { manifest, result } = await this.#finished(statement, signal);
    const columns = manifest?.schema.columns ?? [];
    for (let chunk = result; chunk !== undefined;) {
      const links = chunk.external_links ?? [];
      if (chunk.data_array !== undefined) yield rowsOf(chunk.data_array, columns);
      for (const { external_link } of links) {
        // The link lets us in by itself: a token of ours must not go to another server.
        const cells = await sendForJson<(string | null)[][]>(
          { url: external_link },
          { what: `${WHAT} result`, signal },
        );
        yield rowsOf(cells, columns);
      }
      const next: string | undefined =
        chunk.next_chunk_internal_link ?? links.at(-1)?.next_chunk_internal_link;
      chunk = next === undefined ? undefined : await this.#ask<Chunk>({ url: `${this.#url}${next}` }, signal);
    }
  }

  async describe(statement: WarehouseStatement): Promise<readonly SourceColumn[]> {
    const { manifest } = await this.#finished(statement, this.#closed.signal);
    return (manifest?.schema.columns ?? []).map(columnOf);
  }

  close(): Promise<void> {
    this.#closed.abort();
    return Promise.resolve();
  }

  async #finished({ text, values }: WarehouseStatement, signal: AbortSignal): Promise<Answer> {
    const { warehouseId, catalog, schema } = this.#access;
    const body = JSON.stringify({
      statement: text,
      warehouse_id: warehouseId,
      ...(catalog !== undefined && { catalog }),
      ...(schema !== undefined && { schema }),
      parameters: values.map((value, at) => ({
        name: `p${at + 1}`,
        type: 'STRING',
        ...(value !== null && { value: asText(value) }),
      })),
      disposition: 'EXTERNAL_LINKS',
      format: 'JSON_ARRAY',
      wait_timeout: '30s',
      on_wait_timeout: 'CONTINUE',
    });
    const url = `${this.#url}/api/2.0/sql/statements`;
    const headers = { 'content-type': 'application/json' };
    let answer = await this.#ask<Answer>({ method: 'POST', url, headers, body }, signal);
    for (let wait = FIRST_POLL_MS; isRunning(answer); wait = Math.min(wait * 2, LONGEST_POLL_MS)) {
      await pause(wait, undefined, { signal });
      answer = await this.#ask<Answer>({ url: `${url}/${answer.statement_id}` }, signal);
    }
    if (answer.status.state === 'SUCCEEDED') return answer;
    const { error_code = answer.status.state, message = '' } = answer.status.error ?? {};
    const said = `${error_code} ${message}`.trim().slice(0, 300);
    if (PASSING.has(error_code)) throw new SourceUnreachable(`${WHAT}: ${said}`);
    throw new ConfigInvalid(WHAT, `refuses the statement: ${said}`);
  }

  #ask<Answer>(ask: Ask, signal: AbortSignal): Promise<Answer> {
    return sendForJson<Answer>(ask, { what: WHAT, signal, authorize: this.#authorize });
  }
}

function isRunning({ status }: Answer): boolean {
  return status.state === 'PENDING' || status.state === 'RUNNING';
}

function rowsOf(cells: readonly (readonly (string | null)[])[], columns: readonly DatabricksColumn[]): Row[] {
  return cells.map((row) =>
    Object.fromEntries(columns.map((column, at) => [column.name, cellValue(row[at] ?? null, column)])),
  );
}

/** A token that was given, or one for a service principal: https://docs.databricks.com/dev-tools/auth/oauth-m2m */
function tokenOf({ token, clientId, clientSecret }: DatabricksAccess, url: string, signal: AbortSignal) {
  if (token !== undefined) return () => Promise.resolve({ value: token, endsAt: Number.POSITIVE_INFINITY });
  if (clientId === undefined || clientSecret === undefined) {
    throw new ConfigInvalid('source.token', 'is missing, or clientId and clientSecret');
  }
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return () =>
    askToken(WHAT, `${url}/oidc/v1/token`, { grant_type: 'client_credentials', scope: 'all-apis' }, signal, {
      authorization: `Basic ${basic}`,
    });
}
