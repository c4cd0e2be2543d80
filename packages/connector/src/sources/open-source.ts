import type { Connector } from '../config/config.ts';
import type { Source } from '../model/source.ts';
import { loadPart } from './load-part.ts';

/**
 * Connects to the source that a configuration names. The one place that chooses among the kinds; each
 * is loaded when it is used, with its driver.
 *
 * @throws ConfigInvalid where a part that it needs is not installed, or the configuration does not fit the source.
 */
export async function openSource(connector: Connector): Promise<Source> {
  const { source } = connector;
  switch (source.kind) {
    case 'postgres': {
      const { openPostgres } = await import('./postgres/postgres-source.ts');
      return openPostgres(connector, source);
    }
    case 'mysql': {
      const { openMysql } = await import('./mysql/mysql-source.ts');
      return openMysql(connector, source);
    }
    case 'sqlite': {
      const { openSqlite } = await import('./sqlite/sqlite-source.ts');
      return openSqlite(connector, source);
    }
    case 'files': {
      const { openFiles } = await import('./files/files-source.ts');
      return openFiles(connector, source);
    }
    case 'snowflake': {
      const { openSnowflake } = await import('./snowflake/snowflake.ts');
      return openSnowflake(connector, source);
    }
    case 'bigquery': {
      const { openBigquery } = await import('./bigquery/bigquery.ts');
      return openBigquery(connector, source);
    }
    case 'databricks': {
      const { openDatabricks } = await import('./databricks/databricks.ts');
      return openDatabricks(connector, source);
    }
    case 'redshift': {
      const { openRedshift } = await import('./redshift/redshift.ts');
      return openRedshift(connector, source);
    }
    case 'salesforce': {
      const { openSalesforce } = await loadPart('csv-parse', () => import('./salesforce/salesforce.ts'));
      return openSalesforce(connector, source);
    }
    case 'hubspot': {
      const { openHubspot } = await import('./hubspot/hubspot.ts');
      return openHubspot(connector, source);
    }
  }
}
