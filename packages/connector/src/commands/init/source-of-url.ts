import { ConfigInvalid } from '../../config/config-invalid.ts';
import { mysql } from '../../config/mysql.ts';
import { postgres } from '../../config/postgres.ts';
import type { SourceConfig } from '../../config/source-config.ts';
import { sqlite } from '../../config/sqlite.ts';

/** The source behind an address, and how a configuration names it. */
export interface SourceOfUrl {
  readonly config: SourceConfig;
  /** The call that makes it in a configuration. */
  readonly call: string;
  readonly database: string;
}

const ADDRESS = "process.env['DATABASE_URL'] ?? ''";

/** @throws ConfigInvalid where the address is of no kind that init can look into. */
export function sourceOfUrl(text: string): SourceOfUrl {
  if (/\.(?:db|sqlite3?)$/.test(text)) {
    const [, database = ''] = /([^/\\]+)\.\w+$/.exec(text) ?? [];
    return { config: sqlite({ path: text }), call: `sqlite({ path: ${ADDRESS} })`, database };
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  const database = decodeURIComponent(url?.pathname.slice(1) ?? '');
  switch (url?.protocol ?? '') {
    case 'postgres:':
    case 'postgresql:':
      return { config: postgres({ url: text }), call: `postgres({ url: ${ADDRESS} })`, database };
    case 'mysql:':
    case 'mariadb:':
      return { config: mysql({ url: text }), call: `mysql({ url: ${ADDRESS} })`, database };
    default:
      throw new ConfigInvalid(
        '--source',
        'is the address of a database, such as postgres://user:password@host:5432/shop, mysql://... or shop.db',
      );
  }
}
