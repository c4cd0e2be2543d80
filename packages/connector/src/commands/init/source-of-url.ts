import { ConfigInvalid } from '../../config/config-invalid.ts';
import { postgres } from '../../config/postgres.ts';
import type { SourceConfig } from '../../config/source-config.ts';

/** The source behind an address, and how a configuration names it. */
export interface SourceOfUrl {
  readonly config: SourceConfig;
  /** The function of the package that makes it. */
  readonly maker: string;
  readonly database: string;
}

/** @throws ConfigInvalid where the address is of no kind that init can look into. */
export function sourceOfUrl(text: string): SourceOfUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  const database = decodeURIComponent(url?.pathname.slice(1) ?? '');
  switch (url?.protocol ?? '') {
    case 'postgres:':
    case 'postgresql:':
      return { config: postgres({ url: text }), maker: 'postgres', database };
    default:
      throw new ConfigInvalid(
        '--source',
        'is the address of a database, such as postgres://user:password@host:5432/shop',
      );
  }
}
