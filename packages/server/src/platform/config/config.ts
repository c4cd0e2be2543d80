import { resolve } from 'node:path';
import { readSettings } from './read-settings.ts';
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
  /** As `parseMasterKeys` reads it. Null: kept in a file of the data folder, see `loadMasterKeys`. */
  readonly masterKey: string | null;
  readonly logLevel: SettingValues['logLevel'];
  readonly sandbox: SandboxConfig | null;
  readonly laneLeaseMs: number;
  readonly sendLeaseMs: number;
  readonly auditLogDays: number;
  /** The configuration file that was read, or null. */
  readonly file: string | null;
}

export interface SandboxConfig {
  /** 0: any free port. */
  readonly smtpPort: number;
  /** True when the operator chose the port: then a taken one is an error and no other is tried. */
  readonly isSmtpPortFixed: boolean;
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

const SANDBOX_SMTP_PORT = 2525;

/** Reads the configuration of a process; throws ConfigurationError. Changes nothing. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, cwd: string = process.cwd()): Config {
  const { values, file, problems } = readSettings(env, cwd);
  const all = [...problems, ...problemsTogether(values)];
  if (all.length > 0) throw new ConfigurationError(all);
  const isEmbedded = values.databaseUrl === null;
  return {
    role: values.role,
    host: values.host,
    port: values.port,
    publicUrl: values.publicUrl?.replace(/\/+$/, '') ?? null,
    dataDir: resolve(cwd, values.dataDir),
    database:
      values.databaseUrl === null ? { kind: 'embedded' } : { kind: 'external', url: values.databaseUrl },
    databaseConnections: values.databaseConnections,
    masterKey: values.masterKey,
    logLevel: values.logLevel,
    sandbox: (values.sandbox ?? isEmbedded) ? sandboxOf(values.sandboxSmtpPort) : null,
    laneLeaseMs: values.laneLeaseMs,
    sendLeaseMs: values.sendLeaseMs,
    auditLogDays: values.auditLogDays,
    file,
  };
}

function sandboxOf(port: number | null): SandboxConfig {
  return { smtpPort: port ?? SANDBOX_SMTP_PORT, isSmtpPortFixed: port !== null };
}

/** Rules between settings. */
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
  return problems;
}
