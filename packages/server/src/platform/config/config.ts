import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { RateClass, RateLimit } from '@carillon/wire';
import { readRateLimit } from './rate-limit-setting.ts';
import { readSettings } from './read-settings.ts';
import { SANDBOX_BOUNCE_PORT, SANDBOX_PORTS } from './settings.ts';
import type { SettingValues } from './settings.ts';

/** What a process is started with: checked once, here. */
export interface Config {
  readonly role: SettingValues['role'];
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Without a slash at its end. Null: the address and port that the server really listens on. */
  readonly publicUrl: string | null;
  /** An absolute path. */
  readonly dataDir: string;
  readonly database: { readonly kind: 'embedded' } | { readonly kind: 'external'; readonly url: string };
  readonly databaseConnections: number;
  /** Addresses and ranges whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Addresses and ranges that are not public and that URLs of apps may lead to. */
  readonly outboundAllowed: readonly string[];
  /** What holds for an app that has no limit of its own. */
  readonly rateLimits: Readonly<Record<RateClass, RateLimit>>;
  /** As `parseMasterKeys` reads it. Null: kept in a file of the data folder, see `loadMasterKeys`. */
  readonly masterKey: string | null;
  readonly logLevel: SettingValues['logLevel'];
  readonly sandbox: SandboxConfig | null;
  /** Where other mail servers report what they could not deliver; null: nowhere. */
  readonly bounces: BounceConfig | null;
  readonly laneLeaseMs: number;
  readonly sendLeaseMs: number;
  readonly auditLogDays: number;
  readonly userHistoryDays: number;
  readonly feedDays: number;
  readonly streamAttemptDays: number;
  readonly webhookAttemptDays: number;
  /** The configuration file that was read, or null. */
  readonly file: string | null;
}

/** Where the receivers of the sandbox listen. */
export interface SandboxConfig {
  readonly smtp: PortChoice;
  readonly apns: PortChoice;
  readonly fcm: PortChoice;
  readonly webPush: PortChoice;
  readonly huawei: PortChoice;
  readonly adm: PortChoice;
  readonly twilio: PortChoice;
  readonly vonage: PortChoice;
  readonly sns: PortChoice;
  readonly mailApis: PortChoice;
  readonly smpp: PortChoice;
}

export interface BounceConfig extends PortChoice {
  readonly host: string;
}

export interface PortChoice {
  /** 0: any free port. */
  readonly port: number;
  /** True when the operator chose it: then a taken one is an error and no other is tried. */
  readonly isFixed: boolean;
}

/** Everything that is wrong with the configuration, at once, one problem a line. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : 'problems'}:\n- ${problems.join('\n- ')}`,
    );
    this.problems = problems;
  }
}

/** Reads the configuration of a process; throws ConfigurationError. Changes nothing. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, cwd: string = process.cwd()): Config {
  const { values, file, problems } = readSettings(env, cwd);
  const all = [...problems, ...problemsTogether(values)];
  if (all.length > 0) throw new ConfigurationError(all);
  const hasSandbox = values.sandbox ?? values.databaseUrl === null;
  return {
    role: values.role,
    host: values.host,
    port: values.port,
    publicUrl: values.publicUrl?.replace(/\/+$/, '') ?? null,
    dataDir: resolve(cwd, values.dataDir),
    database:
      values.databaseUrl === null ? { kind: 'embedded' } : { kind: 'external', url: values.databaseUrl },
    databaseConnections: values.databaseConnections,
    trustedProxies: listOf(values.trustedProxies),
    outboundAllowed: listOf(values.outboundAllowed),
    rateLimits: {
      messages: readRateLimit(values.limitMessages),
      users: readRateLimit(values.limitUsers),
      views: readRateLimit(values.limitViews),
      events: readRateLimit(values.limitEvents),
      bulk: readRateLimit(values.limitBulk),
      exports: readRateLimit(values.limitExports),
      management: readRateLimit(values.limitManagement),
      anonymous: readRateLimit(values.limitAnonymous),
    },
    masterKey: values.masterKey,
    logLevel: values.logLevel,
    sandbox: hasSandbox ? sandboxOf(values) : null,
    bounces: bouncesOf(values, hasSandbox),
    laneLeaseMs: values.laneLeaseMs,
    sendLeaseMs: values.sendLeaseMs,
    auditLogDays: values.auditLogDays,
    userHistoryDays: values.userHistoryDays,
    feedDays: values.feedDays,
    streamAttemptDays: values.streamAttemptDays,
    webhookAttemptDays: values.webhookAttemptDays,
    file,
  };
}

function choice(port: number | null, usual: number): PortChoice {
  return { port: port ?? usual, isFixed: port !== null };
}

function sandboxOf(values: SettingValues): SandboxConfig {
  return {
    smtp: choice(values.sandboxSmtpPort, SANDBOX_PORTS.smtp),
    apns: choice(values.sandboxApnsPort, SANDBOX_PORTS.apns),
    fcm: choice(values.sandboxFcmPort, SANDBOX_PORTS.fcm),
    webPush: choice(values.sandboxWebPushPort, SANDBOX_PORTS.webPush),
    huawei: choice(values.sandboxHuaweiPort, SANDBOX_PORTS.huawei),
    adm: choice(values.sandboxAdmPort, SANDBOX_PORTS.adm),
    twilio: choice(values.sandboxTwilioPort, SANDBOX_PORTS.twilio),
    vonage: choice(values.sandboxVonagePort, SANDBOX_PORTS.vonage),
    sns: choice(values.sandboxSnsPort, SANDBOX_PORTS.sns),
    mailApis: choice(values.sandboxMailApisPort, SANDBOX_PORTS.mailApis),
    smpp: choice(values.sandboxSmppPort, SANDBOX_PORTS.smpp),
  };
}

/** The sandbox is on this machine, and nobody else needs to reach what it reports to. */
function bouncesOf({ bouncePort, bounceHost }: SettingValues, hasSandbox: boolean): BounceConfig | null {
  if (bouncePort !== null) return { host: bounceHost, ...choice(bouncePort, bouncePort) };
  return hasSandbox ? { host: '127.0.0.1', ...choice(null, SANDBOX_BOUNCE_PORT) } : null;
}

function listOf(text: string | null): string[] {
  return text?.split(',').map((one) => one.trim()) ?? [];
}

function isAddressRange(text: string): boolean {
  const [address = '', bits = '0'] = text.split('/');
  const version = isIP(address);
  return version !== 0 && Number(bits) <= (version === 6 ? 128 : 32);
}

/** Rules that no schema tells: between settings, and within one. */
function problemsTogether(values: SettingValues): string[] {
  const problems: string[] = [];
  if (values.databaseUrl !== null && values.masterKey === null) {
    problems.push(
      'CARILLON_MASTER_KEY must be set together with DATABASE_URL: all processes on one database share it. Make one with: openssl rand -base64 32',
    );
  }
  if (values.databaseUrl === null && values.role !== 'all') {
    problems.push(
      `CARILLON_ROLE=${values.role} needs DATABASE_URL: the embedded database belongs to one process. Set DATABASE_URL, or CARILLON_ROLE=all`,
    );
  }
  const lists = {
    CARILLON_TRUSTED_PROXIES: values.trustedProxies,
    CARILLON_OUTBOUND_ALLOWED: values.outboundAllowed,
  };
  for (const [variable, text] of Object.entries(lists)) {
    const wrong = listOf(text).find((one) => !isAddressRange(one));
    if (wrong === undefined) continue;
    problems.push(
      `${variable}: ${wrong} is no address or range. For example: ${variable}=127.0.0.1,10.0.0.0/8`,
    );
  }
  return problems;
}
