import { setTimeout as pause } from 'node:timers/promises';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector } from '../../config/config.ts';
import type { HubspotSource } from '../../config/crms.ts';
import type { Row } from '../../config/fields.ts';
import type { Source, SourceColumn } from '../../model/source.ts';
import type { Crm } from '../crm/crm.ts';
import { CrmSource } from '../crm/crm-source.ts';
import type { TimedTable } from '../cursor-reader.ts';
import { sendForJson } from '../http/send.ts';
import type { Ask } from '../http/send.ts';
import { propertyValue, typeName } from './property-values.ts';
import type { HubspotProperty } from './property-values.ts';
import { SearchedObjects } from './searched-objects.ts';
import type { Found } from './searched-objects.ts';

const WHAT = 'HubSpot';
const LIST_PAGE = 100;
const IDS_A_READ = 100;
/** Searches are counted apart from other requests: five in a second. */
const BETWEEN_SEARCHES_MS = 250;

interface Page {
  readonly results: readonly Found[];
  readonly paging?: { readonly next?: { readonly after: string } };
}

export function openHubspot(connector: Connector, settings: HubspotSource): Promise<Source> {
  return Promise.resolve(new CrmSource(connector, new Hubspot(settings)));
}

/** The CRM objects API, version 3. https://developers.hubspot.com/docs/api/crm/understanding-the-crm */
export class Hubspot implements Crm {
  readonly name = WHAT;
  readonly key = 'id';
  readonly #settings: HubspotSource;
  readonly #root: string;
  readonly #described = new Map<string, Promise<readonly HubspotProperty[]>>();

  constructor(settings: HubspotSource) {
    this.#settings = settings;
    this.#root = `${(settings.url ?? 'https://api.hubapi.com').replace(/\/$/, '')}/crm/v3`;
  }

  /** By the list, which has no end at 10,000 as searches have. */
  async *scan(object: string, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
    const properties = await this.#properties(object, signal);
    const query = new URLSearchParams({
      limit: String(LIST_PAGE),
      archived: 'false',
      properties: names(properties).join(','),
    });
    for (;;) {
      const page = await this.#ask<Page>({ url: `${this.#objects(object)}?${query.toString()}` }, signal);
      yield page.results.map((found) => rowOf(found, properties));
      if (page.paging?.next === undefined) return;
      query.set('after', page.paging.next.after);
    }
  }

  async byIds(object: string, ids: readonly string[], signal: AbortSignal): Promise<readonly Row[]> {
    const properties = await this.#properties(object, signal);
    const rows: Row[] = [];
    for (let at = 0; at < ids.length; at += IDS_A_READ) {
      const inputs = ids.slice(at, at + IDS_A_READ).map((id) => ({ id }));
      // 207 where some of them are gone.
      const { results } = await this.#post<Page>(
        `${this.#objects(object)}/batch/read`,
        { properties: names(properties), inputs },
        signal,
      );
      rows.push(...results.map((found) => rowOf(found, properties)));
    }
    return rows;
  }

  timed(object: string, table: string, signal: AbortSignal): TimedTable {
    const changedAt = object === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
    return new SearchedObjects(
      table,
      changedAt,
      async (body) => {
        const properties = await this.#properties(object, signal);
        await pause(BETWEEN_SEARCHES_MS, undefined, { signal });
        return this.#post(
          `${this.#objects(object)}/search`,
          { ...body, properties: [...names(properties), changedAt] },
          signal,
        );
      },
      async (found) => rowOf(found, await this.#properties(object, signal)),
    );
  }

  /** Searches find nobody who was archived: they are found when everything is compared. */
  isDeleted(): boolean {
    return false;
  }

  async describe(object: string, signal: AbortSignal): Promise<readonly SourceColumn[]> {
    const properties = await this.#properties(object, signal);
    return [
      { name: 'id', type: 'string', nullable: false },
      ...properties.map(({ name, type }) => ({ name, type: typeName(type), nullable: true })),
    ];
  }

  #properties(object: string, signal: AbortSignal): Promise<readonly HubspotProperty[]> {
    const known = this.#described.get(object);
    if (known !== undefined) return known;
    const asked = this.#askProperties(object, signal);
    this.#described.set(object, asked);
    asked.catch(() => this.#described.delete(object));
    return asked;
  }

  async #askProperties(object: string, signal: AbortSignal): Promise<readonly HubspotProperty[]> {
    const wanted = this.#settings.objects[object];
    if (wanted === undefined) throw new ConfigInvalid('source.objects', `has no ${object}`);
    const url = `${this.#root}/properties/${encodeURIComponent(object)}`;
    const { results } = await this.#ask<{ results: readonly HubspotProperty[] }>({ url }, signal);
    return [...new Set(wanted)].map((name) => {
      const property = results.find((property) => property.name === name);
      if (property !== undefined) return property;
      throw new ConfigInvalid(`source.objects.${object}`, `names ${name}, which is no property there`);
    });
  }

  #objects(object: string): string {
    return `${this.#root}/objects/${encodeURIComponent(object)}`;
  }

  #post<Answer>(url: string, body: unknown, signal: AbortSignal): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return this.#ask<Answer>({ method: 'POST', url, headers, body: JSON.stringify(body) }, signal);
  }

  #ask<Answer>(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const authorize = () => Promise.resolve({ authorization: `Bearer ${this.#settings.token}` });
    return sendForJson<Answer>(ask, { what: WHAT, signal, authorize });
  }
}

function names(properties: readonly HubspotProperty[]): string[] {
  return properties.map(({ name }) => name);
}

function rowOf({ id, properties }: Found, wanted: readonly HubspotProperty[]): Row {
  return {
    id,
    ...Object.fromEntries(
      wanted.map(({ name, type }) => [name, propertyValue(properties[name] ?? null, type)]),
    ),
  };
}
