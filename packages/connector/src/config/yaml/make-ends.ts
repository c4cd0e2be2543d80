import { ConfigInvalid } from '../config-invalid.ts';
import type { Target } from '../config.ts';
import { postgres } from '../postgres.ts';
import type { SourceConfig } from '../source-config.ts';
import type { YamlSource, YamlTarget } from './yaml-config.ts';

/** The functions that TypeScript configurations call, by the kind that YAML names. */
const SOURCES: Readonly<Record<string, (options: never) => SourceConfig>> = { postgres };

/** @throws ConfigInvalid where there is no such kind, or it does not take that. */
export function makeSource({ kind, ...options }: YamlSource): SourceConfig {
  const make = SOURCES[kind];
  if (make === undefined) {
    throw new ConfigInvalid('source.kind', `is one of ${Object.keys(SOURCES).join(', ')}; it is "${kind}"`);
  }
  return make(options as never);
}

export function makeTarget(options: YamlTarget): Target {
  const { url, appId, apiKey } = options as unknown as Target;
  return { url, appId, apiKey };
}
