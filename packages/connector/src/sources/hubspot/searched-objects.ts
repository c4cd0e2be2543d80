import type { Row } from '../../config/fields.ts';
import type { TimedRow, TimedTable } from '../cursor-reader.ts';
import { SourceUnreachable } from '../http/source-failure.ts';

/** A record as answers have it. */
export interface Found {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
}

interface SearchPage {
  readonly results: readonly Found[];
  readonly paging?: { readonly next?: { readonly after: string } };
}

const PAGE = 200;
/** No search tells more than its first 10,000. */
const MOST = 10_000;

interface Window {
  /** Milliseconds since the epoch, where the search begins. */
  readonly from: number;
  readonly after: string | null;
  readonly read: number;
}

/**
 * Records by the time of their change. A search is sorted by one property and ends at 10,000: the next search
 * begins at the last time that was read. Records of that time come again, and are passed over above.
 */
export class SearchedObjects implements TimedTable {
  readonly name: string;
  readonly #property: string;
  readonly #search: (body: object) => Promise<SearchPage>;
  readonly #rowOf: (found: Found) => Promise<Row>;
  #next: { readonly row: TimedRow; readonly window: Window } | null = null;

  constructor(
    name: string,
    property: string,
    search: (body: object) => Promise<SearchPage>,
    rowOf: (found: Found) => Promise<Row>,
  ) {
    this.name = name;
    this.#property = property;
    this.#search = search;
    this.#rowOf = rowOf;
  }

  async page(
    place: { readonly from: string; readonly backMs: number } | { readonly after: TimedRow },
    limit: number,
  ): Promise<readonly TimedRow[]> {
    const rows: TimedRow[] = [];
    let window: Window | null =
      'from' in place
        ? { from: Date.parse(place.from) - place.backMs, after: null, read: 0 }
        : this.#goOn(place.after);
    while (window !== null && rows.length < limit) {
      const page = await this.#search({
        filterGroups: [
          { filters: [{ propertyName: this.#property, operator: 'GTE', value: String(window.from) }] },
        ],
        sorts: [{ propertyName: this.#property, direction: 'ASCENDING' }],
        limit: PAGE,
        ...(window.after !== null && { after: window.after }),
      });
      for (const found of page.results) {
        rows.push({
          key: [found.id],
          at: this.#timeOf(found),
          row: await this.#rowOf(found),
        });
      }
      window = this.#following(window, page);
    }
    const last = rows.at(-1);
    this.#next = last === undefined || window === null ? null : { row: last, window };
    return rows;
  }

  settled(): Promise<null> {
    return Promise.resolve(null);
  }

  #goOn(after: TimedRow): Window | null {
    if (this.#next?.row === after) return this.#next.window;
    return this.#next === null ? null : { from: Date.parse(after.at), after: null, read: 0 };
  }

  #following({ from, read }: Window, { results, paging }: SearchPage): Window | null {
    const after = paging?.next?.after;
    const final = results.at(-1);
    if (after === undefined || final === undefined) return null;
    const count = read + results.length;
    if (count + PAGE <= MOST) return { from, after, read: count };
    const last = Date.parse(this.#timeOf(final));
    if (last > from) return { from: last, after: null, read: 0 };
    throw new SourceUnreachable(
      'HubSpot: more than 10,000 records changed at one moment, which no search tells apart',
    );
  }

  #timeOf({ properties }: Found): string {
    return new Date(properties[this.#property] ?? Number.NaN).toISOString();
  }
}
