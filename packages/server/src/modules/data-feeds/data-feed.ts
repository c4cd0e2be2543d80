import type { DataFeedView } from '@carillon/wire';

/** An address that is asked for data about each recipient. URL, headers and body are Liquid. */
export interface DataFeed {
  readonly id: string;
  readonly name: string;
  /** Unique in its app. It never changes: templates read `data_feed.<alias>`. */
  readonly alias: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Without what its headers say. */
export function presentDataFeed(feed: DataFeed): DataFeedView {
  const { id, name, alias, method, url, headers, body, createdAt, updatedAt } = feed;
  return {
    id,
    name,
    alias,
    method,
    url,
    header_names: Object.keys(headers),
    body,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}
