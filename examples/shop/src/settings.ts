import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the running demo is found, by the connector and by other terminals. */
export interface DemoSettings {
  readonly url: string;
  readonly appId: string;
  readonly apiKey: string;
  readonly shopDatabaseUrl: string;
  readonly connectorHome: string;
}

const FILE = 'demo.json';

/** From the environment, or as the demo left them in the data folder. */
export function readSettings(dataDir = process.env['CARILLON_DATA_DIR'] ?? '.carillon'): DemoSettings {
  const kept = readKept(dataDir);
  return {
    url: setting('CARILLON_URL', kept?.url),
    appId: setting('CARILLON_APP_ID', kept?.appId),
    apiKey: setting('CARILLON_API_KEY', kept?.apiKey),
    shopDatabaseUrl: setting('SHOP_DATABASE_URL', kept?.shopDatabaseUrl),
    connectorHome: setting('CONNECTOR_HOME', kept?.connectorHome ?? join(dataDir, 'connector')),
  };
}

function setting(variable: string, kept: string | undefined): string {
  const found = process.env[variable] ?? kept;
  if (found === undefined) throw new Error(`Start the demo first (npm run demo), or set ${variable}.`);
  return found;
}

/** What an earlier start left, or null. */
export function readKept(dataDir: string): DemoSettings | null {
  try {
    return JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')) as DemoSettings;
  } catch {
    return null;
  }
}

/** Readable by its owner only: it holds a key and a password. The old file or the new one, never a part. */
export function keepSettings(dataDir: string, settings: DemoSettings): void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
