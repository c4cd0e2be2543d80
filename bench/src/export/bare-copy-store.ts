import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { to } from 'pg-copy-streams';
import type { Database } from '@carillon/server';

/** The same rows and columns as the export has. COPY takes no parameters; the id is one of our own. */
const COPY = (appId: string) => `copy (
  select s.id, s.token, s.session_count, u.language, s.device ->> 'app_version', s.device ->> 'device_os',
    case s.type when 'Email' then 11 when 'SMS' then 14 end, s.device ->> 'device_model', u.tags, s.last_active,
    s.session_time, u.amount_spent, s.created_at, not s.reachable, u.external_id, u.id, u.country,
    s.notification_types, u.timezone_id, s.type
  from subscriptions s join users u on u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id
  where s.app_id = '${appId}') to stdout (format csv)`;

/** How long COPY takes through a gzip of its own, into nothing, and what comes out of it. */
export async function copyThroughGzip(
  database: Database,
  appId: string,
): Promise<{ readonly seconds: number; readonly bytes: number }> {
  const session = await database.session();
  const start = performance.now();
  const gzip = spawn('gzip', ['-c'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(gzip, 'exit');
  let bytes = 0;
  gzip.stdout.on('data', (part: Buffer) => (bytes += part.length));
  await pipeline(session.query(to(COPY(appId))), gzip.stdin);
  await ended;
  const seconds = (performance.now() - start) / 1_000;
  session.release();
  return { seconds, bytes };
}
