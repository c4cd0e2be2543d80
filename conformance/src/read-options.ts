import { parseArgs } from 'node:util';
import type { Stage } from './stage.ts';

export const USAGE = `npm run conformance [-- OPTIONS]

Without --url it starts a server of its own, on a database that goes away afterwards.

  --url URL --app ID --key KEY              a running server, an app of it and the app's key
  --organization ID --organization-key KEY  with them, cases about apps and keys run as well
  --write                                   writes docs/reference/conformance.md`;

export interface Options {
  /** A running server; null: one of our own. */
  readonly stage: Stage | null;
  readonly write: boolean;
}

/** Throws an Error whose message is for the person who typed. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      app: { type: 'string' },
      key: { type: 'string' },
      organization: { type: 'string' },
      'organization-key': { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const { url, app, key, organization, 'organization-key': organizationKey, write } = values;
  const given = [url, app, key].filter((value) => value !== undefined).length;
  if (given !== 0 && given !== 3) throw new Error('--url, --app and --key belong together');
  if ((organization === undefined) !== (organizationKey === undefined)) {
    throw new Error('--organization and --organization-key belong together');
  }
  if (organization !== undefined && given === 0)
    throw new Error('--organization needs --url, --app and --key');
  if (url === undefined || app === undefined || key === undefined) return { stage: null, write };
  return {
    stage: {
      url: url.replace(/\/+$/, ''),
      app,
      appKey: key,
      organization:
        organization === undefined || organizationKey === undefined
          ? null
          : { id: organization, key: organizationKey },
    },
    write,
  };
}
