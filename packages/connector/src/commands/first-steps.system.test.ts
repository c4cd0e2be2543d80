import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../fixtures/command-line.ts';
import { Opened } from '../fixtures/opened.ts';

const opened = new Opened();
const commandLine = new CommandLine(opened);
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'carillon-first-'))));
afterEach(async () => {
  await opened.close();
  rmSync(folder, { recursive: true });
});

async function setUp(customers: number) {
  const shop = await opened.shop(customers);
  const fake = await opened.fake();
  const environment = {
    DATABASE_URL: shop.url,
    CARILLON_URL: fake.url,
    CARILLON_APP_ID: 'the-app',
    CARILLON_API_KEY: 'the-key',
  };
  const run = (...args: string[]) => commandLine.runAnywhere(args, folder, environment);
  return { shop, fake, run, file: (name: string) => readFileSync(join(folder, name), 'utf8') };
}

describe('in an empty folder', () => {
  it('comes from nothing but an address to a plan with three commands', { timeout: 60_000 }, async () => {
    const { shop, run, file } = await setUp(7);
    const init = await run('init');
    expect(init).toMatchObject({ code: 0, errors: '' });
    expect(init.output).toContain('users are taken from customers by id');
    expect(init.output).toContain('GRANT SELECT ON customers, orders TO carillon_connector;');
    expect(file('connector.config.ts')).toContain(
      "email('email', { enabled: (row: Customers) => row.opted_in === true }), // guessed",
    );
    expect(file('generated/tables.ts')).toContain('export interface Orders {');
    expect(await run('check')).toMatchObject({
      code: 0,
      output: expect.stringContaining('id is unique in 7 rows'),
    });
    const plan = await run('plan', '--exit-code');
    expect(plan).toMatchObject({ code: 10, output: expect.stringContaining('+7 new') });

    const again = await run('init');
    expect(again).toMatchObject({ code: 2, errors: expect.stringContaining('--force') });
    expect(await run('init', '--force')).toMatchObject({ code: 0 });
    expect(await run('init', '--force', '--users', 'nobody')).toMatchObject({
      code: 2,
      errors: expect.stringContaining('--users'),
    });
    await shop.pool.query('ALTER TABLE orders ADD COLUMN note text');
    expect(await run('types', '--check')).toMatchObject({ code: 10 });
    expect(await run('types')).toMatchObject({ code: 0 });
    expect(await run('types', '--check')).toMatchObject({ code: 0 });
    expect(file('generated/tables.ts')).toContain('note: string | null;');
  });

  it(
    'tells of a source that is away with 5, and of a query that lost its rows with 4',
    { timeout: 60_000 },
    async () => {
      const { run, file } = await setUp(120);
      await run('init');
      const away = await commandLine.runAnywhere(['plan'], folder, {
        DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
        CARILLON_URL: 'http://127.0.0.1:1',
        CARILLON_APP_ID: 'a',
        CARILLON_API_KEY: 'b',
      });
      expect(away).toMatchObject({ code: 5 });
      expect(await run('sync')).toMatchObject({ code: 0 });
      const broken = file('connector.config.ts')
        .replace('FROM customers', 'FROM customers WHERE false')
        .replace("key: 'id',", "key: 'id', onDelete: 'delete',");
      writeFileSync(join(folder, 'connector.config.ts'), broken);
      expect(await run('sync')).toMatchObject({ code: 4, errors: expect.stringContaining('gone') });
    },
  );

  it('tells what would become of a changed user, field by field', { timeout: 60_000 }, async () => {
    const { shop, fake, run } = await setUp(3);
    await run('init');
    await run('sync');
    await shop.pool.query("UPDATE customers SET name = 'Ada', opted_in = false WHERE id = 2");
    const { output } = await run('plan');
    expect(output).toContain('fields  ');
    expect(output).toMatch(/customer-2 {3}.*name "Customer 2" -> "Ada"/);
    expect(output).toContain('email.enabled "true" -> "false"');
    expect(fake.users.get('customer-2')?.tags['name']).toBe('Customer 2');
    expect(existsSync(join(folder, '.carillon'))).toBe(true);
  });

  it(
    'answers Prometheus while it watches, and tells each report as a line of JSON',
    { timeout: 60_000 },
    async () => {
      const { shop, fake, run } = await setUp(3);
      await run('init');
      const environment = {
        DATABASE_URL: shop.url,
        CARILLON_URL: fake.url,
        CARILLON_APP_ID: 'the-app',
        CARILLON_API_KEY: 'the-key',
      };
      const { child, ended } = await commandLine.startAnywhere(
        ['watch', '--metrics', '0'],
        folder,
        environment,
      );
      const url = await new Promise<string>((resolve) => {
        child.stdout.on('data', (chunk: Buffer) => {
          const found = /http:\S+\/metrics/.exec(chunk.toString())?.[0];
          if (found !== undefined) resolve(found);
        });
      });
      const text = await (await fetch(url)).text();
      expect(text).toContain('carillon_connector_outbox_items ');
      expect(text).not.toContain('example.com');
      child.kill('SIGTERM');
      expect(await ended).toBe(130);
      expect(await run('watch', '--metrics', 'nowhere')).toMatchObject({
        code: 2,
        errors: expect.stringContaining('--metrics'),
      });
    },
  );
});
