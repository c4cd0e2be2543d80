import { ConfigInvalid } from '../config-invalid.ts';
import { hubspot, salesforce } from '../crms.ts';
import { files } from '../files.ts';
import { mysql } from '../mysql.ts';
import { postgres } from '../postgres.ts';
import type { SourceConfig } from '../source-config.ts';
import { sqlite } from '../sqlite.ts';
import { bigquery, databricks, redshift, snowflake } from '../warehouses.ts';
import { carillon, onesignal } from '../target.ts';
import type { Target } from '../target.ts';
import type { YamlSource, YamlTarget } from './yaml-config.ts';

/** The functions that TypeScript configurations call, by the kind that YAML names. */
const SOURCES: Readonly<Record<string, (options: never) => SourceConfig>> = {
  mysql,
  postgres,
  sqlite,
  files,
  snowflake,
  bigquery,
  databricks,
  redshift,
  salesforce,
  hubspot,
};
const TARGETS = { carillon, onesignal } as const;

/** @throws ConfigInvalid where there is no such kind, or it does not take that. */
export function makeSource({ kind, ...options }: YamlSource): SourceConfig {
  const make = SOURCES[kind];
  if (make === undefined) {
    throw new ConfigInvalid('source.kind', `is one of ${Object.keys(SOURCES).join(', ')}; it is "${kind}"`);
  }
  return make(options as never);
}

export function makeTarget({ kind = 'carillon', ...options }: YamlTarget): Target {
  return TARGETS[kind](options as never);
}
