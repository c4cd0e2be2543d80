import { parseArgs } from 'node:util';
import { EmbeddedPostgresCannotRun } from './platform/embedded-postgres/index.ts';
import { ConfigurationError, loadConfig, summaryOf } from './platform/config/index.ts';
import { DatabaseTooNew, DatabaseTooOld, migrate } from './platform/database/migrate.ts';
import { keepHeapSmall } from './platform/keep-heap-small.ts';
import { createLog } from './platform/log.ts';
import { startCarillon } from './start/start.ts';
import type { Carillon } from './start/start.ts';

const USAGE = `carillon <command>

  start      run the platform (all of it, or the role that CARILLON_ROLE names)
  migrate    bring the database at DATABASE_URL up to date, and end
  config     print the configuration without its secrets, and end

Settings are environment variables or fields of carillon.config.json: docs/reference/configuration.md`;

/** 0 done, 1 unexpected, 2 wrong use or configuration. */
async function main(): Promise<number> {
  const { positionals } = parseArgs({ allowPositionals: true, strict: true });
  const [command = ''] = positionals;
  switch (command) {
    case 'start':
      return runUntilStopped();
    case 'migrate':
      return runMigrations();
    case 'config':
      console.log(summaryOf(loadConfig()));
      return 0;
    default:
      console.error(USAGE);
      return 2;
  }
}

async function runUntilStopped(): Promise<number> {
  keepHeapSmall();
  const config = loadConfig();
  const log = createLog({ level: config.logLevel });
  console.log(summaryOf(config));
  const stopped = stopSignal();
  const carillon = await startCarillon(config, { log });
  console.log(announcement(carillon));
  await stopped;
  console.log('Stopping: finishing what is under way. Press Ctrl-C again to end at once.');
  process.once('SIGINT', () => process.exit(130));
  await carillon.stop();
  return 0;
}

async function runMigrations(): Promise<number> {
  const { database } = loadConfig();
  if (database.kind === 'embedded') {
    throw new ConfigurationError(['DATABASE_URL must be set: the embedded database is migrated at start']);
  }
  const ran = await migrate(database.url);
  console.log(ran.length === 0 ? 'The database is up to date.' : `Ran migrations ${ran.join(', ')}.`);
  return 0;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

function announcement(carillon: Carillon): string {
  const { url, appId, appKey, organizationKey, sandbox } = carillon;
  const lines: (string | null)[] = [
    '',
    'Carillon is running.',
    url && `  API               ${url}`,
    url && `  API page          ${url}/docs`,
    url && sandbox !== null ? `  Inbox             ${url}/sandbox` : null,
    ...(sandbox === null ? [] : linesOfReceivers(sandbox)),
    appId && `  App id            ${appId}`,
    appKey && `  API key           ${appKey}`,
    organizationKey && `  Organization key  ${organizationKey}`,
    '',
  ];
  return lines.filter((line) => line !== null).join('\n');
}

function linesOfReceivers(places: NonNullable<Carillon['sandbox']>): string[] {
  const { host, smtpPort, apnsOrigin, fcmOrigin, webPushOrigin, twilioOrigin, smppPort } = places;
  return [
    `  Sandbox           SMTP ${host}:${smtpPort}, SMPP ${host}:${smppPort}, APNs ${apnsOrigin}, FCM ${fcmOrigin},`,
    `                    web push ${webPushOrigin}, Twilio ${twilioOrigin}`,
  ];
}

/** Problems that the operator can mend are told in a sentence, without a stack. */
function isExpected(error: unknown): error is Error {
  if (error instanceof ConfigurationError || error instanceof EmbeddedPostgresCannotRun) return true;
  if (error instanceof DatabaseTooNew || error instanceof DatabaseTooOld) return true;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === 'EADDRINUSE' || code === 'EACCES' || code === 'ECONNREFUSED';
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(isExpected(error) ? error.message : error);
  return isExpected(error) ? 2 : 1;
});
