import { invalidField } from '../../../../platform/http/invalid-field.ts';

/** Of the sinks that write rows. */
export const DEFAULT_TABLE = 'carillon_events';

/** Throws ApiError `request-invalid`. */
export function checkDatabaseUrl(scheme: string, url: string): void {
  if (!URL.canParse(url) || new URL(url).hostname === '' || new URL(url).pathname.length < 2) {
    throw invalidField('url', `must name a host and a database: ${scheme}://user:password@host/database`);
  }
}
