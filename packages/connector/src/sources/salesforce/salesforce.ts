import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector } from '../../config/config.ts';
import type { SalesforceSource } from '../../config/crms.ts';
import type { Row } from '../../config/fields.ts';
import type { Source, SourceColumn } from '../../model/source.ts';
import type { Crm } from '../crm/crm.ts';
import { CrmSource } from '../crm/crm-source.ts';
import type { TimedRow, TimedTable } from '../cursor-reader.ts';
import { bearer } from '../http/bearer.ts';
import { sendForJson } from '../http/send.ts';
import type { Ask } from '../http/send.ts';
import { bulkQuery } from './bulk-query.ts';
import { fieldValue, typeName } from './field-values.ts';
import type { SalesforceField } from './field-values.ts';
import { salesforceToken } from './salesforce-token.ts';

const WHAT = 'Salesforce';
/** An address holds at most 16 kB: so many ids fit well. */
const IDS_A_QUERY = 200;

interface Page {
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

export function openSalesforce(connector: Connector, settings: SalesforceSource): Promise<Source> {
  return Promise.resolve(new CrmSource(connector, new Salesforce(settings)));
}

/** All records by Bulk API 2.0; single ones, and those that changed, by queries over REST. */
export class Salesforce implements Crm {
  readonly name = WHAT;
  readonly key = 'Id';
  readonly #settings: SalesforceSource;
  readonly #origin: string;
  readonly #root: string;
  readonly #authorize: (ask: Ask, renew: boolean) => Promise<Record<string, string>>;
  readonly #described = new Map<string, Promise<readonly SalesforceField[]>>();

  constructor(settings: SalesforceSource) {
    this.#settings = settings;
    this.#origin = settings.url.replace(/\/$/, '');
    this.#root = `${this.#origin}/services/data/v${settings.apiVersion ?? '62.0'}`;
    this.#authorize = bearer(salesforceToken(settings, new AbortController().signal));
  }

  async *scan(object: string, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
    const fields = await this.#fields(object, signal);
    const soql = `SELECT ${names(fields)} FROM ${object}`;
    for await (const records of bulkQuery(this.#root, soql, this.#options(signal))) {
      yield records.map((record) => rowOf(record, fields));
    }
  }

  async byIds(object: string, ids: readonly string[], signal: AbortSignal): Promise<readonly Row[]> {
    const fields = await this.#fields(object, signal);
    const rows: Row[] = [];
    for (let at = 0; at < ids.length; at += IDS_A_QUERY) {
      const wanted = ids
        .slice(at, at + IDS_A_QUERY)
        .map(quoted)
        .join(',');
      const soql = `SELECT ${names(fields)} FROM ${object} WHERE Id IN (${wanted})`;
      for (const record of await this.#records('query', soql, signal)) rows.push(rowOf(record, fields));
    }
    return rows;
  }

  timed(object: string, table: string, signal: AbortSignal): TimedTable {
    return {
      name: table,
      page: async (place, limit) => {
        const fields = await this.#fields(object, signal);
        const where =
          'from' in place
            ? `SystemModstamp >= ${new Date(Date.parse(place.from) - place.backMs).toISOString()}`
            : `(SystemModstamp > ${place.after.at} OR (SystemModstamp = ${place.after.at} AND Id > ${quoted(place.after.key[0] ?? '')}))`;
        const extra = ['SystemModstamp', 'IsDeleted'].filter(
          (name) => !fields.some((field) => field.name === name),
        );
        const soql = `SELECT ${[names(fields), ...extra].join(',')} FROM ${object} WHERE ${where} ORDER BY SystemModstamp, Id LIMIT ${limit}`;
        // With those in the recycle bin: that is how a deletion is seen.
        const records = await this.#records('queryAll', soql, signal);
        return records.map((record): TimedRow => {
          const at = new Date(String(record['SystemModstamp'])).toISOString();
          const row = { ...rowOf(record, fields), IsDeleted: record['IsDeleted'] };
          return { key: [String(record['Id'])], at, row };
        });
      },
      settled: () => Promise.resolve(null),
    };
  }

  isDeleted(row: Row): boolean {
    return row['IsDeleted'] === true;
  }

  async describe(object: string, signal: AbortSignal): Promise<readonly SourceColumn[]> {
    const fields = await this.#fields(object, signal);
    return fields.map(({ name, type, nillable }) => ({ name, type: typeName(type), nullable: nillable }));
  }

  #fields(object: string, signal: AbortSignal): Promise<readonly SalesforceField[]> {
    const known = this.#described.get(object);
    if (known !== undefined) return known;
    const asked = this.#askFields(object, signal);
    this.#described.set(object, asked);
    asked.catch(() => this.#described.delete(object));
    return asked;
  }

  async #askFields(object: string, signal: AbortSignal): Promise<readonly SalesforceField[]> {
    const wanted = this.#settings.objects[object];
    if (wanted === undefined) throw new ConfigInvalid('source.objects', `has no ${object}`);
    const url = `${this.#root}/sobjects/${encodeURIComponent(object)}/describe`;
    const { fields } = await sendForJson<{ fields: readonly SalesforceField[] }>(
      { url },
      this.#options(signal),
    );
    return [...new Set(['Id', ...wanted])].map((name) => {
      const field = fields.find((field) => field.name === name);
      if (field !== undefined) return field;
      throw new ConfigInvalid(`source.objects.${object}`, `names ${name}, which is not there or not granted`);
    });
  }

  async #records(
    how: 'query' | 'queryAll',
    soql: string,
    signal: AbortSignal,
  ): Promise<readonly Readonly<Record<string, unknown>>[]> {
    let url = `${this.#root}/${how}?q=${encodeURIComponent(soql)}`;
    const records: Readonly<Record<string, unknown>>[] = [];
    for (;;) {
      const page = await sendForJson<Page>({ url }, this.#options(signal));
      records.push(...page.records);
      if (page.done || page.nextRecordsUrl === undefined) return records;
      url = `${this.#origin}${page.nextRecordsUrl}`;
    }
  }

  #options(signal: AbortSignal) {
    return { what: WHAT, signal, authorize: this.#authorize };
  }
}

function names(fields: readonly SalesforceField[]): string {
  return fields.map(({ name }) => name).join(',');
}

function rowOf(record: Readonly<Record<string, unknown>>, fields: readonly SalesforceField[]): Row {
  return Object.fromEntries(fields.map(({ name, type }) => [name, fieldValue(record[name], type)]));
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
