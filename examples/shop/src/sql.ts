import pg from 'pg';
import { readSettings } from './settings.ts';

// Runs statements on the demo shop's database, with nothing installed: npm run sql -- "SELECT 1"
const statement = process.argv.slice(2).join(' ');
if (statement === '') {
  console.error('Usage: npm run sql -- "SELECT * FROM orders LIMIT 3"');
  process.exit(2);
}
const client = new pg.Client({ connectionString: readSettings().shopDatabaseUrl });
try {
  await client.connect();
  const answer: pg.QueryResult | pg.QueryResult[] = await client.query(statement);
  // Several statements, parted by semicolons, have an answer each.
  for (const { command, rows, rowCount } of [answer].flat()) {
    if (rows.length > 0) console.table(rows);
    console.log(`${command} ${rowCount ?? ''}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await client.end();
}
