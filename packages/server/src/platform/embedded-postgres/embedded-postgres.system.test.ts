import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@carillon/test-kit';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Owner, ownerCommand } from './fixtures/owner.ts';
import { startEmbeddedPostgres } from './index.ts';
import type { EmbeddedPostgres } from './index.ts';

const log = pino({ level: 'silent' });

let dataDir: string;
const owners: Owner[] = [];
const servers: EmbeddedPostgres[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'carillon-embedded-'));
  // When we are root another user has to pass.
  await chmod(dataDir, 0o755);
});

afterEach(async () => {
  for (const owner of owners.splice(0)) {
    owner.signal('SIGCONT');
    await owner.end();
  }
  for (const server of servers.splice(0)) await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function startHere(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log });
  servers.push(server);
  return server;
}

function startElsewhere(): Owner {
  const owner = new Owner(ownerCommand(dataDir));
  owners.push(owner);
  return owner;
}

async function ask<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('an embedded server', () => {
  it('runs with our settings, and is reached with a password only', async () => {
    const server = await startHere();
    const settings = await ask<{ name: string; setting: string }>(
      server.url,
      `select name, setting from pg_settings where name in ('wal_level', 'jit', 'listen_addresses') order by name`,
    );
    expect(settings.map(({ setting }) => setting)).toEqual(['off', '127.0.0.1', 'logical']);
    const collations = await ask(
      server.url,
      'select datlocprovider as provider, datlocale as locale from pg_database where datname = current_database()',
    );
    expect(collations).toEqual([{ provider: 'b', locale: 'C.UTF-8' }]);
    const wrong = server.url.replace(/:[^:@]+@/, ':wrong@');
    await expect(ask(wrong, 'select 1')).rejects.toThrow('password');
    expect(statSync(join(server.folder, 'password')).mode & 0o777).toBe(0o600);
  });

  it('keeps data and address from one start to the next', async () => {
    const first = startElsewhere();
    const { url } = await first.ready();
    await first.end();
    const second = await startElsewhere().ready();
    expect(second).toMatchObject({ url, starts: 2 });
  });

  it('that is killed is started again on the same address', async () => {
    const { url, folder } = await startHere();
    process.kill(
      Number.parseInt(readFileSync(join(folder, 'cluster', 'postmaster.pid'), 'utf8'), 10),
      'SIGKILL',
    );
    const rows = await until('it answers again', () =>
      ask(url, 'select 1 as one').catch(() => false as const),
    );
    expect(rows).toEqual([{ one: 1 }]);
  });
});

describe('the owner', () => {
  it('alone has the folder: a second start is refused in one sentence', async () => {
    await startHere();
    const { name, message } = await startElsewhere().refused();
    expect(name).toBe('EmbeddedPostgresCannotRun');
    expect(message).toBe(
      `Carillon is already running on ${dataDir} (process ${process.pid}): stop it first, or choose another folder with CARILLON_DATA_DIR.`,
    );
  });

  it('keeps the folder while it is frozen', async () => {
    const owner = startElsewhere();
    await owner.ready();
    owner.signal('SIGSTOP');
    await expect(startHere()).rejects.toThrow('already running');
  });

  it('that was killed leaves a server, which the next start stops; nothing is lost', async () => {
    const first = startElsewhere();
    const { serverPid } = await first.ready();
    await first.kill();
    expect(() => process.kill(serverPid, 0)).not.toThrow();
    const second = await startElsewhere().ready();
    expect(second.starts).toEqual(2);
    expect(second.serverPid).not.toBe(serverPid);
  });

  it('and its server killed at once are no obstacle to a start at that moment', async () => {
    const first = startElsewhere();
    const { serverPid } = await first.ready();
    process.kill(serverPid, 'SIGKILL');
    await first.kill();
    expect((await startElsewhere().ready()).starts).toEqual(2);
  });

  it('that gets SIGTERM stops the server cleanly', async () => {
    const owner = startElsewhere();
    const { folder } = await owner.ready();
    await owner.end();
    expect(readFileSync(join(folder, 'server.log'), 'utf8')).toContain('database system is shut down');
    expect(existsSync(join(folder, 'cluster', 'postmaster.pid'))).toBe(false);
  });

  it('is asked first on Ctrl-C: the terminal does not reach the server', async () => {
    const owner = startElsewhere();
    const { folder } = await owner.ready();
    await owner.interruptGroup();
    const text = readFileSync(join(folder, 'server.log'), 'utf8');
    expect(text.match(/received fast shutdown request/g)).toHaveLength(1);
    expect(text).toContain('database system is shut down');
  });
});

describe('a first start', () => {
  it.each(['cluster/PG_VERSION', 'cluster/global/pg_control', 'cluster/base/4'])(
    'that is killed once there is unfinished/%s is done anew by the next',
    async (path) => {
      const home = join(dataDir, 'postgres');
      const first = startElsewhere();
      await until(`there is ${path}`, () =>
        entries(home).some((name) => name.startsWith('unfinished') && existsSync(join(home, name, path))),
      );
      await first.kill();
      expect(existsSync(join(home, 'cluster'))).toBe(false);
      expect((await startElsewhere().ready()).starts).toEqual(1);
    },
  );

  it('never replaces a database that was there and is gone', async () => {
    const { folder, stop } = await startHere();
    await stop();
    const cluster = join(folder, 'cluster');
    rmSync(cluster, { recursive: true });
    await expect(startHere()).rejects.toThrow(`The database in ${cluster} is gone. Restore it from a backup`);
    expect(existsSync(cluster)).toBe(false);
  });

  it('refuses the data of another major version', async () => {
    const { folder, stop } = await startHere();
    await stop();
    writeFileSync(join(folder, 'cluster', 'PG_VERSION'), '17\n');
    await expect(startHere()).rejects.toThrow('was written by PostgreSQL 17, and this release carries 18');
  });
});

it('a lock file that names a stranger does not hold the start up', async () => {
  const { folder, stop } = await startHere();
  await stop();
  const { uid, gid } = statSync(join(folder, 'cluster'));
  const stranger = spawn('sleep', ['600'], process.getuid?.() === 0 ? { uid, gid } : {});
  try {
    writeFileSync(join(folder, 'cluster', 'postmaster.pid'), `${stranger.pid}\n${folder}/cluster\n`);
    const { url } = await startHere();
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  } finally {
    stranger.kill();
    await once(stranger, 'exit');
  }
});

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
