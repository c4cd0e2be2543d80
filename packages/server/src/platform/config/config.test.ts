import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError, loadConfig, loadMasterKeys, summaryOf } from './index.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const URL_WITH_PASSWORD = 'postgres://carillon:hidden-word@db.internal:5432/carillon?password=hidden-word';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The problems of a configuration, with `content` in the configuration file when given. */
function problemsOf(env: NodeJS.ProcessEnv, content?: string): readonly string[] {
  const path = join(folder, 'given.json');
  if (content !== undefined) writeFileSync(path, content);
  try {
    loadConfig(content === undefined ? env : { ...env, CARILLON_CONFIG: path }, folder);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('with nothing set, is everything in one process with an embedded database and the sandbox', () => {
    expect(loadConfig({}, folder)).toEqual({
      role: 'all',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: null,
      dataDir: join(folder, '.carillon'),
      database: { kind: 'embedded' },
      databaseConnections: 20,
      trustedProxies: [],
      outboundAllowed: [],
      rateLimits: {
        messages: { limit: 20_000, window_seconds: 1 },
        users: { limit: 50_000, window_seconds: 1 },
        views: { limit: 50_000, window_seconds: 1 },
        events: { limit: 20_000, window_seconds: 1 },
        bulk: { limit: 100, window_seconds: 1 },
        exports: { limit: 10, window_seconds: 1 },
        management: { limit: 1_000, window_seconds: 1 },
        anonymous: { limit: 500, window_seconds: 1 },
      },
      masterKey: null,
      logLevel: 'info',
      sandbox: {
        smtp: { port: 2525, isFixed: false },
        apns: { port: 2526, isFixed: false },
        fcm: { port: 2527, isFixed: false },
        webPush: { port: 2528, isFixed: false },
        huawei: { port: 2533, isFixed: false },
        adm: { port: 2534, isFixed: false },
        twilio: { port: 2529, isFixed: false },
        vonage: { port: 2530, isFixed: false },
        sns: { port: 2531, isFixed: false },
        mailApis: { port: 2532, isFixed: false },
        smpp: { port: 2775, isFixed: false },
      },
      bounces: { host: '127.0.0.1', port: 2535, isFixed: false },
      laneLeaseMs: 3000,
      sendLeaseMs: 5000,
      auditLogDays: 365,
      userHistoryDays: 90,
      feedDays: 90,
      streamAttemptDays: 7,
      webhookAttemptDays: 7,
      file: null,
    });
  });

  it('with DATABASE_URL, leaves the sandbox off unless it is asked for', () => {
    const env = { DATABASE_URL: URL_WITH_PASSWORD, CARILLON_MASTER_KEY: KEY };
    expect(loadConfig(env, folder)).toMatchObject({ database: { kind: 'external' }, sandbox: null });
    expect(loadConfig({ ...env, CARILLON_SANDBOX: 'true' }, folder).sandbox).toMatchObject({
      smtp: { port: 2525, isFixed: false },
    });
  });

  it('takes bounces where it is told to, and else only beside the sandbox', () => {
    const env = { DATABASE_URL: URL_WITH_PASSWORD, CARILLON_MASTER_KEY: KEY };
    expect(loadConfig(env, folder).bounces).toBeNull();
    const open = { ...env, CARILLON_BOUNCE_PORT: '25', CARILLON_BOUNCE_HOST: '0.0.0.0' };
    expect(loadConfig(open, folder).bounces).toEqual({ host: '0.0.0.0', port: 25, isFixed: true });
  });

  it('keeps to a sandbox port that was chosen', () => {
    const { sandbox } = loadConfig({ CARILLON_SANDBOX_FCM_PORT: '2527' }, folder);
    expect(sandbox?.fcm).toEqual({ port: 2527, isFixed: true });
    expect(sandbox?.apns.isFixed).toBe(false);
  });

  it('takes rate limits a second, in a window, and off', () => {
    const env = {
      CARILLON_LIMIT_MESSAGES: '6000',
      CARILLON_LIMIT_VIEWS: '10/60',
      CARILLON_LIMIT_BULK: 'off',
    };
    const { rateLimits } = loadConfig(env, folder);
    expect(rateLimits.messages).toEqual({ limit: 6_000, window_seconds: 1 });
    expect(rateLimits.views).toEqual({ limit: 10, window_seconds: 60 });
    expect(rateLimits.bulk).toEqual({ limit: null, window_seconds: 1 });
    expect(problemsOf({ CARILLON_LIMIT_USERS: '0' })).toEqual([
      'CARILLON_LIMIT_USERS is "0", and must be a whole number of requests a second from 1 to 1000000, such a number and the seconds of its window (1 to 3600) as 10/60, or off. For example: CARILLON_LIMIT_USERS=10/60',
    ]);
  });

  it('takes proxies by address and range, and names one that is neither', () => {
    const env = { CARILLON_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,::1' };
    expect(loadConfig(env, folder).trustedProxies).toEqual(['127.0.0.1', '10.0.0.0/8', '::1']);
    expect(problemsOf({ CARILLON_TRUSTED_PROXIES: '10.0.0.0/33' })).toEqual([
      'CARILLON_TRUSTED_PROXIES: 10.0.0.0/33 is no address or range. For example: CARILLON_TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8',
    ]);
  });

  it('takes the addresses inside that URLs of apps may lead to', () => {
    const env = { CARILLON_OUTBOUND_ALLOWED: '10.20.0.0/16,192.168.7.7' };
    expect(loadConfig(env, folder).outboundAllowed).toEqual(['10.20.0.0/16', '192.168.7.7']);
    expect(problemsOf({ CARILLON_OUTBOUND_ALLOWED: '10.20' })).toEqual([
      'CARILLON_OUTBOUND_ALLOWED: 10.20 is no address or range. For example: CARILLON_OUTBOUND_ALLOWED=127.0.0.1,10.0.0.0/8',
    ]);
  });

  it('takes the file where the environment is silent, and the environment where it speaks', () => {
    const path = join(folder, 'carillon.config.json');
    writeFileSync(path, JSON.stringify({ port: 4000, logLevel: 'debug', sandbox: false }));
    const config = loadConfig({ CARILLON_PORT: '5000', CARILLON_LOG_LEVEL: '' }, folder);
    rmSync(path);
    expect(config).toMatchObject({ port: 5000, logLevel: 'debug', sandbox: null, file: path });
  });

  it.each([
    [
      'CARILLON_PORT',
      '80a',
      'CARILLON_PORT is "80a", and must be a whole number from 0 to 65535. For example: CARILLON_PORT=3000',
    ],
    [
      'CARILLON_PORT',
      '65536',
      'CARILLON_PORT is 65536, and must be a whole number from 0 to 65535. For example: CARILLON_PORT=3000',
    ],
    [
      'CARILLON_ROLE',
      'web',
      'CARILLON_ROLE is "web", and must be all, api or worker. For example: CARILLON_ROLE=worker',
    ],
    [
      'CARILLON_SANDBOX',
      'maybe',
      'CARILLON_SANDBOX is "maybe", and must be true or false. For example: CARILLON_SANDBOX=true',
    ],
    [
      'CARILLON_MASTER_KEY',
      'c2hvcnQ=',
      'CARILLON_MASTER_KEY must be the base64 of 32 bytes, or several of them separated by commas, the current one first. For example: CARILLON_MASTER_KEY=$(openssl rand -base64 32)',
    ],
  ])('says what is wrong with %s=%s', (variable, value, problem) => {
    expect(problemsOf({ [variable]: value })).toEqual([problem]);
  });

  it('tells every problem at once', () => {
    const problems = problemsOf(
      { CARILLON_PORT: '-1', DATABASE_URL: 'mysql://root:hidden-word@db' },
      '{"port": 3000, "hots": "0.0.0.0", "laneLeaseMs": "3000"}',
    );
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      '"hots"',
      'DATABASE_URL',
      'CARILLON_PORT',
      '"laneLeaseMs"',
    ]);
    expect(problems.join()).not.toContain('hidden-word');
  });

  it("asks for the master key beside a database of one's own", () => {
    expect(problemsOf({ DATABASE_URL: URL_WITH_PASSWORD })[0]).toMatch(/^CARILLON_MASTER_KEY must be set/);
  });

  it('refuses to split roles over the embedded database', () => {
    expect(problemsOf({ CARILLON_ROLE: 'worker' })[0]).toMatch(/^CARILLON_ROLE=worker needs DATABASE_URL/);
  });

  it('names a configuration file that is not there, or is not JSON', () => {
    const path = join(folder, 'missing.json');
    expect(problemsOf({ CARILLON_CONFIG: path })).toEqual([
      `CARILLON_CONFIG: the file ${path} cannot be read (ENOENT). Correct its path or its permissions.`,
    ]);
    expect(problemsOf({}, 'port: 3000')[0]).toContain('is not a JSON object');
  });

  it('has a summary without secrets', () => {
    const config = loadConfig({ DATABASE_URL: URL_WITH_PASSWORD, CARILLON_MASTER_KEY: KEY }, folder);
    const summary = summaryOf(config);
    expect(summary).toContain('postgres://db.internal:5432/carillon');
    expect(summary).not.toContain('hidden-word');
    expect(summary).not.toContain(KEY);
  });
});

describe('master key of the embedded database', () => {
  it("is made once, for the owner's eyes, also when two first starts race", async () => {
    const dataDir = join(folder, 'new');
    const [one, two] = await Promise.all([1, 2].map(() => loadMasterKeys({ masterKey: null, dataDir })));
    expect(one).toEqual(two);
    expect(await loadMasterKeys({ masterKey: null, dataDir })).toEqual(one);
    expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
  });
});
