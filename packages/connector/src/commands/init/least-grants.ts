import type { SourceConfig } from '../../config/source-config.ts';
import type { Guess } from './guess-shop.ts';

/** What a login of its own needs, and nothing more; for somebody to run who may. "" where the guide of the source says it. */
export function leastGrants(kind: SourceConfig['kind'], guess: Guess, database: string): string {
  const { users, triggers } = guess;
  const tables = [...new Set([users.table.name, ...triggers.map(({ table }) => table.name)])];
  switch (kind) {
    case 'postgres':
      return ofPostgres(tables, database).join('\n');
    case 'mysql':
      return ofMysql(tables, database).join('\n');
    case 'sqlite':
    case 'files':
    case 'snowflake':
    case 'bigquery':
    case 'databricks':
    case 'redshift':
    case 'salesforce':
    case 'hubspot':
      return '';
  }
}

function ofPostgres(tables: readonly string[], database: string): string[] {
  const schemas = tables.map((table) => (table.includes('.') ? (table.split('.')[0] ?? '') : 'public'));
  return [
    `CREATE ROLE carillon_connector LOGIN PASSWORD '...';`,
    `GRANT CONNECT ON DATABASE ${database} TO carillon_connector;`,
    `GRANT USAGE ON SCHEMA ${[...new Set(schemas)].join(', ')} TO carillon_connector;`,
    `GRANT SELECT ON ${tables.join(', ')} TO carillon_connector;`,
    `-- With that alone changes are polled for by updated_at. To follow them as they are committed`,
    `-- (wal_level = logical) it also replicates, and has the role that owns the tables:`,
    `ALTER ROLE carillon_connector REPLICATION;`,
    `GRANT owner_of_the_tables TO carillon_connector;`,
    `-- For the way back, once the table is there:`,
    `GRANT SELECT, INSERT ON message_events TO carillon_connector;`,
  ];
}

function ofMysql(tables: readonly string[], database: string): string[] {
  return [
    `CREATE USER carillon_connector IDENTIFIED BY '...';`,
    ...tables.map(
      (table) =>
        `GRANT SELECT ON ${table.includes('.') ? table : `${database}.${table}`} TO carillon_connector;`,
    ),
    `-- To follow changes by the binary log:`,
    `GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO carillon_connector;`,
    `-- For the way back, once the table is there:`,
    `GRANT SELECT, INSERT, UPDATE ON ${database}.message_events TO carillon_connector;`,
  ];
}
