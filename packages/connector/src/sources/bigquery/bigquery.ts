import { randomUUID } from 'node:crypto';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { BigqueryAccess, BigquerySource } from '../../config/warehouses.ts';
import { asText } from '../../model/as-text.ts';
import type { Source, SourceColumn } from '../../model/source.ts';
import { askToken } from '../http/ask-token.ts';
import { bearer } from '../http/bearer.ts';
import { privateKeyOf, signedJwt } from '../http/jwt.ts';
import { sendForJson } from '../http/send.ts';
import type { Ask } from '../http/send.ts';
import type { Warehouse, WarehouseStatement } from '../warehouse/warehouse.ts';
import { WarehouseSource } from '../warehouse/warehouse-source.ts';
import { BIGQUERY } from './bigquery-dialect.ts';
import { columnOf, rowOf } from './cell-values.ts';
import type { BigqueryField, BigqueryRow } from './cell-values.ts';

const WHAT = 'BigQuery';
const SCOPE = 'https://www.googleapis.com/auth/bigquery';
const PAGE_ROWS = 10_000;
/** How long one request waits for the query; it is asked again until the query ends. */
const WAIT_MS = 20_000;

interface ServiceAccount {
  readonly project_id: string;
  readonly client_email: string;
  readonly private_key: string;
  readonly token_uri: string;
}

interface Answer {
  readonly jobComplete: boolean;
  readonly jobReference?: { readonly projectId: string; readonly jobId: string; readonly location?: string };
  readonly schema?: { readonly fields: readonly BigqueryField[] };
  readonly rows?: readonly BigqueryRow[];
  readonly pageToken?: string;
}

export function openBigquery(connector: Connector, settings: BigquerySource): Promise<Source> {
  return Promise.resolve(new WarehouseSource(connector, new Bigquery(settings), settings.keys));
}

/** jobs.query and jobs.getQueryResults. https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query */
export class Bigquery implements Warehouse {
  readonly dialect = BIGQUERY;
  readonly #access: BigqueryAccess;
  readonly #queries: string;
  readonly #closed = new AbortController();
  readonly #authorize: (ask: Ask, renew: boolean) => Promise<Record<string, string>>;

  constructor(access: BigqueryAccess) {
    this.#access = access;
    const account = serviceAccount(access.credentials);
    const root = (access.url ?? 'https://bigquery.googleapis.com').replace(/\/$/, '');
    this.#queries = `${root}/bigquery/v2/projects/${access.project ?? account.project_id}/queries`;
    this.#authorize = bearer(accountToken(account, this.#closed.signal));
  }

  async *query(statement: WarehouseStatement, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
    let answer = await this.#finished(statement, signal);
    const fields = answer.schema?.fields ?? [];
    for (;;) {
      yield (answer.rows ?? []).map((row) => rowOf(row, fields));
      if (answer.pageToken === undefined || answer.pageToken === '') return;
      answer = await this.#results(answer, answer.pageToken, signal);
    }
  }

  async describe(statement: WarehouseStatement): Promise<readonly SourceColumn[]> {
    const { schema } = await this.#finished(statement, this.#closed.signal);
    return (schema?.fields ?? []).map(columnOf);
  }

  close(): Promise<void> {
    this.#closed.abort();
    return Promise.resolve();
  }

  async #finished({ text, values }: WarehouseStatement, signal: AbortSignal): Promise<Answer> {
    const { dataset, location } = this.#access;
    const body = JSON.stringify({
      query: text,
      useLegacySql: false,
      parameterMode: 'NAMED',
      queryParameters: values.map((value, at) => ({
        name: `p${at + 1}`,
        parameterType: { type: 'STRING' },
        parameterValue: { value: value === null ? null : asText(value) },
      })),
      ...(dataset !== undefined && { defaultDataset: { datasetId: dataset } }),
      ...(location !== undefined && { location }),
      maxResults: PAGE_ROWS,
      timeoutMs: WAIT_MS,
      formatOptions: { useInt64Timestamp: true },
      // A repeated request with the same id is not run twice.
      requestId: randomUUID(),
    });
    const headers = { 'content-type': 'application/json' };
    let answer = await sendForJson<Answer>(
      { method: 'POST', url: this.#queries, headers, body },
      { what: WHAT, signal, authorize: this.#authorize },
    );
    while (!answer.jobComplete) answer = await this.#results(answer, null, signal);
    return answer;
  }

  async #results({ jobReference }: Answer, pageToken: string | null, signal: AbortSignal): Promise<Answer> {
    if (jobReference === undefined) throw new Error('BigQuery named no job.');
    const query = new URLSearchParams({
      maxResults: String(PAGE_ROWS),
      timeoutMs: String(WAIT_MS),
      'formatOptions.useInt64Timestamp': 'true',
      ...(jobReference.location !== undefined && { location: jobReference.location }),
      ...(pageToken !== null && { pageToken }),
    });
    const answer = await sendForJson<Answer>(
      { url: `${this.#queries}/${encodeURIComponent(jobReference.jobId)}?${query.toString()}` },
      { what: WHAT, signal, authorize: this.#authorize },
    );
    return { ...answer, jobReference };
  }
}

function serviceAccount(credentials: string): ServiceAccount {
  try {
    const account = JSON.parse(credentials) as ServiceAccount;
    if (
      [account.client_email, account.private_key, account.token_uri].every((text) => typeof text === 'string')
    ) {
      return account;
    }
  } catch {
    // Said below: the text itself is a secret.
  }
  throw new ConfigInvalid('source.credentials', 'is the JSON of a service account key file');
}

/** https://developers.google.com/identity/protocols/oauth2/service-account */
function accountToken({ client_email, private_key, token_uri }: ServiceAccount, signal: AbortSignal) {
  const key = privateKeyOf('source.credentials', private_key);
  return () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: client_email, scope: SCOPE, aud: token_uri, iat: now, exp: now + 3600 };
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: signedJwt(key, claims),
    };
    return askToken(WHAT, token_uri, form, signal);
  };
}
