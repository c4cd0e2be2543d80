import pg from 'pg';
import { readSettings } from './settings.ts';
import { ship } from './shop/trade.ts';

// Ships the oldest order that is packed: npm run demo:ship
const { shopDatabaseUrl, url } = readSettings();
const pool = new pg.Pool({ connectionString: shopDatabaseUrl });
try {
  const { rows } = await pool.query<{ id: number; email: string }>(
    `SELECT o.id, c.email FROM orders o JOIN customers c ON c.id = o.customer_id
     WHERE o.status = 'packed' AND c.wants_mail ORDER BY o.id LIMIT 1`,
  );
  const next = rows[0];
  if (next === undefined)
    console.log('Every order has left. Place one: npm run sql -- "INSERT INTO orders ..."');
  else {
    await ship(pool, next.id);
    console.log(`Order ${next.id} has shipped. The mail to ${next.email} is at ${url}/sandbox`);
  }
} finally {
  await pool.end();
}
