import type { Connector } from '../config/config.ts';
import type { Source } from '../model/source.ts';
import { openPostgres } from '../sources/postgres/postgres-source.ts';

/** The source as a run opens it. */
export function openSource(connector: Connector): Promise<Source> {
  return openPostgres(connector);
}
