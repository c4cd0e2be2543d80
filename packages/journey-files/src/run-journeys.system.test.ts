import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from '@carillon/client';
import { createLog, loadConfig, startCarillon } from '@carillon/server';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { runJourneys } from './index.ts';

let database: TestDatabase;
let carillon: Awaited<ReturnType<typeof startCarillon>>;
let client: Client;
let appId: string;
let key: string;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    CARILLON_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    CARILLON_PORT: '0',
    CARILLON_ROLE: 'api',
  };
  carillon = await startCarillon(loadConfig(env), { log: createLog({ level: 'silent' }) });
  appId = carillon.appId ?? '';
  key = carillon.appKey ?? '';
  client = new Client({ url: carillon.url ?? '', appId, apiKey: key });
  await client.templates.create({ name: 'Hello', isEmail: true, email_subject: 'Hi', email_body: 'Hello' });
  await client.templates.create({ name: 'Twice', isEmail: true, email_subject: 'Hi', email_body: 'Hello' });
  await client.templates.create({ name: 'Twice', isEmail: true, email_subject: 'Ho', email_body: 'Hello' });
  await client.segments.create({ name: 'Testers', filters: [{ field: 'test_user', relation: 'exists' }] });
});
afterAll(async () => {
  await client.close();
  await carillon.stop();
  await database.drop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journeys-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  const page = await client.journeys.list();
  for (const { id } of page.ok ? page.value.journeys : []) await client.journeys.delete(id);
});

async function run(...args: string[]) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const env = { CARILLON_URL: carillon.url ?? '', CARILLON_APP_ID: appId, CARILLON_API_KEY: key };
  const code = await runJourneys(args, env, { out: say, error: say });
  return { code, text: lines.join('\n') };
}
const write = (file: string, text: string) => writeFile(join(folder, file), text);
const journeys = async () => {
  const page = await client.journeys.list();
  const shown = page.ok ? page.value.journeys : [];
  const all = await Promise.all(shown.map(({ id }) => client.journeys.view(id)));
  return all.map((answer) => {
    if (!answer.ok) throw new Error('the journey is there');
    return answer.value;
  });
};

const WELCOME = `name: Welcome
state: active
audience: { kind: event_trigger, name: signed_up, run_key: cart.id }
early_exit: { rules: { on_segment: { included_segments: [Testers] }, on_session: true } }
nodes:
  - { kind: send_email, template: Hello, client_node_id: hello }
  - kind: wait_until
    branches:
      - condition: { kind: on_notification_action, action: clicked, client_node_id: hello }
        nodes: [{ kind: tag, assignments: { template: "", clicked: "yes" } }]
    expiration: { duration_seconds: 3600 }
`;
const DRAFT = `name: Testers
audience: { kind: segment, included_segments: [Testers] }
nodes: []
`;

describe('journey files', () => {
  it('are applied as they say, and then nothing is left to do', async () => {
    await write('welcome.yaml', WELCOME);
    await write('testers.yml', DRAFT);
    expect(await run('validate', folder)).toEqual({
      code: 0,
      text: 'testers.yml: would do\nwelcome.yaml: would do',
    });
    const plan = { code: 10, text: 'testers.yml: + "Testers"\nwelcome.yaml: + "Welcome" (active)' };
    expect(await run('plan', folder)).toEqual(plan);
    expect(await journeys()).toEqual([]);
    expect(await run('apply', folder)).toEqual({ ...plan, code: 0 });
    const applied = await journeys();
    expect(applied).toMatchObject([
      {
        name: 'Welcome',
        // Nobody makes out here who is in its segments.
        state: 'processing',
        version: 1,
        nodes: [{ kind: 'send_email' }, { kind: 'wait_until' }],
      },
      { name: 'Testers', state: 'draft', version: 0 },
    ]);
    const done = 'testers.yml: "Testers" is as it says\nwelcome.yaml: "Welcome" is as it says';
    expect(await run('plan', folder)).toEqual({ code: 0, text: done });
    expect(await run('apply', folder)).toEqual({ code: 0, text: done });
    expect(await journeys()).toEqual(applied);
  });

  it('change a live journey member by member, and who stands on a node stays on it', async () => {
    const active = WELCOME.replace(
      'on_segment: { included_segments: [Testers] }',
      'on_event: { name: left }',
    );
    await write('welcome.yaml', active);
    await run('apply', folder);
    const [before] = await journeys();
    const changed = active
      .replace('3600', '7200')
      .replace(', on_session: true', '')
      .replace('nodes:\n  -', 'nodes:\n  - { kind: wait, duration_seconds: 60 }\n  -');
    await write('welcome.yaml', changed);
    const plan = await run('plan', folder, '--json');
    expect(plan.code).toBe(10);
    expect(JSON.parse(plan.text)).toMatchObject({
      file: 'welcome.yaml',
      change: 'update',
      differences: expect.arrayContaining([
        { path: 'early_exit.rules.on_session', from: true, to: null },
      ]) as unknown,
    });
    expect((await run('apply', folder)).code).toBe(0);
    const [after] = await journeys();
    expect(after).toMatchObject({ version: 2, early_exit: { rules: { on_session: false } } });
    expect(after?.nodes.map(({ kind }) => kind)).toEqual(['wait', 'send_email', 'wait_until']);
    expect(after?.nodes[1]?.id).toBe(before?.nodes[0]?.id);
    expect((await run('plan', folder)).code).toBe(0);
    await write('welcome.yaml', changed.replace('state: active', 'state: paused'));
    expect(await run('apply', folder)).toMatchObject({
      code: 0,
      text: expect.stringContaining('"active" -> "paused"') as unknown,
    });
    expect(await journeys()).toMatchObject([{ state: 'paused', version: 2 }]);
  });

  it('are all refused when one of them has a fault, which is told by file and place', async () => {
    await write('good.yaml', DRAFT);
    await write(
      'names.yaml',
      WELCOME.replace('template: Hello', 'template: Twice').replace('[Testers]', '[Nobody]'),
    );
    await write('text.yaml', 'name: [\n');
    await write('same.yaml', DRAFT);
    await write('state.yaml', 'name: x\nstate: on\n');
    const read = await run('apply', folder);
    expect(read.code).toBe(2);
    expect(read.text).toContain('Nothing was changed.');
    expect(read.text).toContain('same.yaml: name: is that of good.yaml too');
    expect(read.text).toContain('state.yaml: state: must be one of draft, active, paused, archived');
    expect(read.text).toMatch(/text\.yaml: .*at line 2/);
    for (const file of ['text.yaml', 'same.yaml', 'state.yaml']) await rm(join(folder, file));
    expect((await run('apply', folder)).text).toBe(
      [
        'Nothing was changed.',
        'names.yaml: early_exit.rules.on_segment.included_segments[0]: no segment is called "Nobody"',
        'names.yaml: nodes[0].template: "Twice" is the name of 2 things, each a template of the channel email: name one by its id',
      ].join('\n'),
    );
    await write('names.yaml', WELCOME.replace('3600', '5'));
    expect((await run('apply', folder)).text).toContain(
      'names.yaml: nodes[1].expiration.duration_seconds must be a whole number',
    );
    await write('names.yaml', WELCOME.replace('template: Hello, ', ''));
    expect(await run('apply', folder, '--json')).toEqual({
      code: 2,
      text: JSON.stringify({
        fault: {
          file: 'names.yaml',
          path: 'nodes[0].template_id',
          problem: 'it has no template: choose a template of the channel email',
        },
      }),
    });
    expect(await journeys()).toEqual([]);
  });

  it('are written of what the server has, with names, and say the same', async () => {
    await write('welcome.yaml', WELCOME);
    await write('testers.yaml', DRAFT);
    await run('apply', folder);
    const out = join(folder, 'out');
    expect(await run('export', out)).toEqual({ code: 0, text: 'testers.yaml\nwelcome.yaml' });
    expect((await readdir(out)).toSorted()).toEqual(['testers.yaml', 'welcome.yaml']);
    const text = await readFile(join(out, 'welcome.yaml'), 'utf8');
    expect(text).toContain('template: Hello');
    expect(text).toContain('- Testers');
    expect(text).not.toMatch(/_id: \w{8}-/);
    expect((await run('plan', out)).code).toBe(0);
    expect(await run('export', out)).toMatchObject({ code: 2 });
    expect(await run('export', out, '--force')).toMatchObject({ code: 0 });
  });

  it('end with the number that says who can act', async () => {
    await write('testers.yaml', DRAFT);
    expect((await run('plan', folder, '--key', 'wrong')).code).toBe(6);
    expect((await run('plan', folder, '--url', 'http://127.0.0.1:9')).code).toBe(5);
    expect((await run('plan', folder, '--app', '')).text).toContain('--app: is required, or CARILLON_APP_ID');
    expect((await run('plan', join(folder, 'none'))).code).toBe(2);
    expect((await run('ship', folder)).code).toBe(2);
    expect((await run('plan', '--colour')).code).toBe(2);
  });
});
