import type { Guess } from './guess-shop.ts';

/** What a login of its own needs in PostgreSQL, and nothing more; for somebody to run who may. */
export function leastGrants({ users, triggers }: Guess, database: string): string {
  const tables = [...new Set([users.table.name, ...triggers.map(({ table }) => table.name)])];
  const schemas = [...new Set(tables.map((table) => (table.includes('.') ? table.split('.')[0] : 'public')))];
  return [
    `CREATE ROLE carillon_connector LOGIN PASSWORD '...';`,
    `GRANT CONNECT ON DATABASE ${database} TO carillon_connector;`,
    `GRANT USAGE ON SCHEMA ${schemas.join(', ')} TO carillon_connector;`,
    `GRANT SELECT ON ${tables.join(', ')} TO carillon_connector;`,
    `-- With that alone changes are polled for by updated_at. To follow them as they are committed`,
    `-- (wal_level = logical) it also replicates, and has the role that owns the tables:`,
    `ALTER ROLE carillon_connector REPLICATION;`,
    `GRANT owner_of_the_tables TO carillon_connector;`,
    `-- For the way back, once the table is there:`,
    `GRANT SELECT, INSERT ON message_events TO carillon_connector;`,
  ].join('\n');
}
