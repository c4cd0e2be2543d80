import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from '@carillon/client';
import { createLog, loadConfig, startCarillon } from '@carillon/server';
import type { Carillon, Clock, Config } from '@carillon/server';
import { keepSettings, readKept } from './settings.ts';
import type { DemoSettings } from './settings.ts';

export interface RunningPlatform {
  readonly carillon: Carillon;
  readonly client: Client;
  readonly url: string;
  readonly appId: string;
  readonly apiKey: string;
  readonly dataDir: string;
  /** Leaves word where everything is, for the connector and for other terminals. */
  keep(shopDatabaseUrl: string): DemoSettings;
}

/** Starts the platform as `npm start` would, on another port when the usual one is taken. */
export async function startPlatform(clock: Clock): Promise<RunningPlatform> {
  const config = await onFreePort(loadConfig());
  // The demo prints its own lines; set CARILLON_LOG_LEVEL to see the platform's too.
  const level = process.env['CARILLON_LOG_LEVEL'] ?? 'warn';
  const carillon = await startCarillon(config, { log: createLog({ level }), clock });
  const kept = readKept(config.dataDir);
  const { url } = carillon;
  const appId = carillon.appId ?? kept?.appId;
  const apiKey = carillon.appKey ?? kept?.apiKey;
  if (url === null || appId === undefined || apiKey === undefined) {
    await carillon.stop();
    throw new Error(
      'This database has an app whose key is not known here. Give the demo a database of its own, or its data folder back.',
    );
  }
  return {
    carillon,
    client: new Client({ url, appId, apiKey }),
    url,
    appId,
    apiKey,
    dataDir: config.dataDir,
    keep(shopDatabaseUrl) {
      const connectorHome = join(config.dataDir, 'connector');
      const settings = { url, appId, apiKey, shopDatabaseUrl, connectorHome };
      keepSettings(config.dataDir, settings);
      return settings;
    },
  };
}

async function onFreePort(config: Config): Promise<Config> {
  const chosen = process.env['CARILLON_PORT'] !== undefined || config.port === 0;
  return chosen || (await isFree(config.host, config.port)) ? config : { ...config, port: 0 };
}

function isFree(host: string, port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen({ host, port }, () => probe.close(() => resolve(true)));
  });
}
