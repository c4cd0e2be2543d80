import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, loadConfig, startCarillon } from '@carillon/server';
import { createScratchDatabase } from '@carillon/test-kit';
import type { Stage } from '../stage.ts';

export interface OwnServer extends Stage {
  stop(): Promise<void>;
}

/**
 * The whole platform in this process, on a database of its own that goes away with it: in the server
 * that DATABASE_URL or TEST_DATABASE_URL names, otherwise in an embedded one. Mail goes into the
 * sandbox.
 */
export async function startOwnServer(): Promise<OwnServer> {
  const scratch = await createScratchDatabase(process.env['DATABASE_URL']);
  const dataDir = await mkdtemp(join(tmpdir(), 'carillon-conformance-'));
  const cleanUp = async () => {
    await scratch.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const config = loadConfig(
      {
        DATABASE_URL: scratch.url,
        CARILLON_MASTER_KEY: randomBytes(32).toString('base64'),
        CARILLON_DATA_DIR: dataDir,
        CARILLON_PORT: '0',
        // All voices ask for files within a second: what a rate limit answers is tried elsewhere.
        CARILLON_LIMIT_EXPORTS: 'off',
        CARILLON_SANDBOX: 'true',
        CARILLON_SANDBOX_SMTP_PORT: '0',
        CARILLON_SANDBOX_APNS_PORT: '0',
        CARILLON_SANDBOX_FCM_PORT: '0',
        CARILLON_SANDBOX_WEB_PUSH_PORT: '0',
        CARILLON_SANDBOX_TWILIO_PORT: '0',
        CARILLON_SANDBOX_VONAGE_PORT: '0',
        CARILLON_SANDBOX_SNS_PORT: '0',
        CARILLON_SANDBOX_MAIL_APIS_PORT: '0',
        CARILLON_SANDBOX_SMPP_PORT: '0',
      },
      dataDir,
    );
    const carillon = await startCarillon(config, { log: createLog({ level: 'error' }) });
    const { url, appId, appKey, organizationId, organizationKey } = carillon;
    return {
      url: wanted(url),
      app: wanted(appId),
      appKey: wanted(appKey),
      organization: { id: wanted(organizationId), key: wanted(organizationKey) },
      stop: async () => {
        await carillon.stop();
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

function wanted(value: string | null): string {
  if (value === null) throw new Error('the server did not tell its address or its first account');
  return value;
}
