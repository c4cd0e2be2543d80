import { parseArgs } from 'node:util';
import { runJourneys } from '@carillon/journey-files';
import { EmbeddedPostgresCannotRun } from './platform/embedded-postgres/index.ts';
import { ConfigurationError, loadConfig, summaryOf } from './platform/config/index.ts';
import { DatabaseTooNew, DatabaseTooOld, migrate } from './platform/database/migrate.ts';
import { forgetTheStart, keepHeapSmall } from './platform/keep-heap-small.ts';
import { createLog } from './platform/log.ts';
import { runSandboxAlone } from './start/sandbox-alone.ts';
import { startCarillon } from './start/start.ts';
import type { Carillon } from './start/start.ts';

const USAGE = `carillon <command>

  start      run the platform (all of it, or the role that CARILLON_ROLE names)
  migrate    bring the database at DATABASE_URL up to date, and end
  config     print the configuration without its secrets, and end
  journeys   hold journey files against a running server: carillon journeys --help
  sandbox    run the sandbox's receivers alone, for the tests of other programs
               --port <port>                of its page and API: 2524, or 0 for any free port
               --twilio-inbound-url <url>   where its Twilio tells what people text
               --vonage-inbound-url <url>   where its Vonage does

Settings are environment variables or fields of carillon.config.json: docs/reference/configuration.md`;

/** 0 done, 1 unexpected, 2 wrong use or configuration. */
async function main(): Promise<number> {
  const [first, ...rest] = process.argv.slice(2);
  if (first === 'journeys') return runJourneys(rest, process.env, { out: console.log, error: console.error });
  const { positionals, values: asked } = parseArgs({
    allowPositionals: true,
    strict: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      port: { type: 'string' },
      'twilio-inbound-url': { type: 'string' },
      'vonage-inbound-url': { type: 'string' },
    },
  });
  const { help, ...values } = asked;
  if (help === true) {
    console.log(USAGE);
    return 0;
  }
  const [command = ''] = positionals;
  if (command === 'sandbox') return runSandbox(values);
  switch (Object.keys(values).length === 0 ? command : '') {
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
  forgetTheStart();
  console.log(announcement(carillon));
  await stopped;
  console.log('Stopping: finishing what is under way. Press Ctrl-C again to end at once.');
  process.once('SIGINT', () => process.exit(130));
  await carillon.stop();
  return 0;
}

async function runSandbox(asked: {
  readonly port?: string;
  readonly 'twilio-inbound-url'?: string;
  readonly 'vonage-inbound-url'?: string;
}): Promise<number> {
  const config = loadConfig({ ...process.env, CARILLON_SANDBOX: 'true' });
  if (config.sandbox === null) return 1;
  const running = await runSandboxAlone({
    port: readPort(asked.port),
    ports: config.sandbox,
    twilioInboundUrl: readUrl('twilio-inbound-url', asked['twilio-inbound-url']),
    vonageInboundUrl: readUrl('vonage-inbound-url', asked['vonage-inbound-url']),
    log: createLog({ level: config.logLevel }),
  });
  const stopped = stopSignal();
  console.log(
    [
      '',
      'The sandbox is running. It keeps what arrives in memory, and passes nothing on.',
      `  Inbox             ${running.url}/sandbox`,
      ...linesOfReceivers(running.places),
      '',
    ].join('\n'),
  );
  await stopped;
  await running.stop();
  return 0;
}

const SANDBOX_PORT = 2524;

function readPort(text: string | undefined): number {
  if (text === undefined) return SANDBOX_PORT;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new ConfigurationError([`--port is "${text}", and must be a whole number from 0 to 65535`]);
}

function readUrl(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new ConfigurationError([`--${option} is "${text}", and must be an http or https URL`]);
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
  const { url, appId, appKey, organizationKey, sandbox, bouncePlace } = carillon;
  const lines: (string | null)[] = [
    '',
    'Carillon is running.',
    url && `  API               ${url}`,
    url && `  API page          ${url}/docs`,
    url && sandbox !== null ? `  Inbox             ${url}/sandbox` : null,
    appId && `  App id            ${appId}`,
    appKey && `  API key           ${appKey}`,
    organizationKey && `  Organization key  ${organizationKey}`,
    bouncePlace && `  Bounces           ${bouncePlace.host}:${bouncePlace.port}`,
    ...(sandbox === null ? [] : linesOfReceivers(sandbox)),
    '',
  ];
  return lines.filter((line) => line !== null).join('\n');
}

function linesOfReceivers(places: NonNullable<Carillon['sandbox']>): string[] {
  return [
    `  Sandbox  SMTP     ${places.host}:${places.smtpPort}`,
    `           APNs     ${places.apnsOrigin}`,
    `           FCM      ${places.fcmOrigin}`,
    `           Web push ${places.webPushOrigin}`,
    `           Huawei   ${places.huaweiOrigin}`,
    `           ADM      ${places.admOrigin}`,
    `           Twilio   ${places.twilioOrigin}`,
    `           Vonage   ${places.vonageOrigin}`,
    `           SNS      ${places.snsOrigin}`,
    `           Mail API ${places.mailApisOrigin}`,
    `           SMPP     ${places.host}:${places.smppPort}`,
  ];
}

/** Problems that the operator can mend are told in a sentence, without a stack. */
function isExpected(error: unknown): error is Error {
  if (error instanceof ConfigurationError || error instanceof EmbeddedPostgresCannotRun) return true;
  if (error instanceof DatabaseTooNew || error instanceof DatabaseTooOld) return true;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  // What `parseArgs` says names the option.
  if (code?.startsWith('ERR_PARSE_ARGS_') === true) return true;
  return code === 'EADDRINUSE' || code === 'EACCES' || code === 'ECONNREFUSED';
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(isExpected(error) ? error.message : error);
  return isExpected(error) ? 2 : 1;
});
