import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '@carillon/test-kit';
import { statement } from '../platform/database/database.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

/** Everything that the documented export tells of an app's users; times to the second. */
const STATE = statement(
  'test.state',
  `select jsonb_build_array(u.external_id, u.tags, u.language, u.timezone_id, u.country, u.properties,
     (select jsonb_agg(s.told order by s.told) from (
        select jsonb_build_array(s.type, s.token, s.enabled, s.notification_types, s.device, s.session_count,
          s.session_time, date_trunc('second', s.created_at), date_trunc('second', s.last_active)) as told
        from subscriptions s where s.lane = u.lane and s.user_id = u.id) s))::text as state
   from users u where u.app_id = $1`,
);

const EXTRA = [
  'external_user_id',
  'onesignal_id',
  'location',
  'country',
  'rooted',
  'web_auth',
  'web_p256',
  'notification_types',
  'timezone_id',
];
const PEOPLE = 80;

let server: MailingServer;

beforeAll(async () => {
  server = await MailingServer.start({
    CARILLON_SANDBOX: 'false',
    CARILLON_OUTBOUND_ALLOWED: '127.0.0.0/8',
    CARILLON_LIMIT_EXPORTS: 'off',
  });
});
afterAll(() => server.stop());

const text = fc
  .oneof(fc.constantFrom('gold', 'a,"b"', 'two\nlines', 'é;ü', '=1+1'), fc.string({ minLength: 1 }))
  .filter((value) => value.trim() === value && value !== '');
const optIn = fc.constantFrom({}, {}, { enabled: false }, { notification_types: -2 }, { enabled: true });
const device = fc.record(
  {
    device_model: fc.constantFrom('Pixel 9', 'iPhone, "x"'),
    device_os: fc.constant('17.1'),
    app_version: fc.constant('2.0'),
    rooted: fc.boolean(),
    session_count: fc.nat({ max: 50 }),
    session_time: fc.nat({ max: 9_000 }),
  },
  { requiredKeys: [] },
);
const person = fc.record({
  isNamed: fc.boolean(),
  kinds: fc.uniqueArray(fc.constantFrom('Email', 'SMS', 'AndroidPush', 'iOSPush', 'ChromePush'), {
    minLength: 1,
  }),
  optIn,
  device,
  properties: fc.record(
    {
      tags: fc.dictionary(fc.constantFrom('plan', 'city', 'x.y', 'é'), text, { maxKeys: 3 }),
      language: fc.constantFrom('en', 'nl', 'zh-Hant'),
      timezone_id: fc.constantFrom('Europe/Amsterdam', 'UTC'),
      country: fc.constantFrom('NL', 'US'),
      lat: fc.integer({ min: -90, max: 90 }),
      long: fc
        .double({ min: -180, max: 180, noNaN: true })
        .map((degrees) => Math.round(degrees * 1e4) / 1e4 + 0),
    },
    { requiredKeys: [] },
  ),
});

function bodyOf(
  { isNamed, kinds, optIn: asked, device: told, properties }: ReturnType<typeof people>[number],
  n: number,
) {
  const tokens: Readonly<Record<string, string>> = {
    Email: `p${n}@example.com`,
    SMS: `+3161234${String(n).padStart(4, '0')}`,
    AndroidPush: `device-${n}`,
    iOSPush: n.toString(16).padStart(64, 'a'),
    ChromePush: `https://push.example/${n}`,
  };
  return {
    ...(isNamed && { identity: { external_id: `person ${n}` } }),
    properties,
    subscriptions: kinds.map((type) => ({
      type,
      token: tokens[type],
      ...asked,
      ...(type !== 'Email' && type !== 'SMS' && told),
      ...(type === 'ChromePush' && { web_auth: `auth${n}`, web_p256: `key${n}` }),
    })),
  };
}

const people = () => fc.sample(person, { numRuns: PEOPLE, seed: 20_261_126 });

async function stateOf(appId: string): Promise<string[]> {
  const rows = await server.test.database.rows<{ state: string }>(STATE, [appId]);
  return rows.map(({ state }) => state).toSorted();
}

test('an export of subscriptions, fetched from its link, makes the same users in an empty app', async () => {
  const { appId, organizationId, organizationKey } = server.carillon;
  for (const [n, one] of people().entries()) await server.done('POST', server.of('users'), bodyOf(one, n));
  const { csv_file_url: url } = await server.done('POST', `/players/csv_export?app_id=${appId}`, {
    extra_fields: EXTRA,
  });
  await until('the file is ready', async () => (await fetch(url)).status === 200);

  const key = organizationKey ?? '';
  const made = { name: 'empty', organization_id: organizationId };
  const { id: empty } = await server.done('POST', '/apps', made, key);
  const importOnce = async () => {
    const { id } = await server.done('POST', `/apps/${empty}/imports`, { url }, key);
    const path = `/apps/${empty}/imports/${id}`;
    const stateAfter = async (...states: string[]) => {
      let view: { state: string; counts: object; fault: string | null } | undefined;
      await until('the import goes on', async () => {
        view = await server.done('GET', path, undefined, key);
        return !states.includes(view?.state ?? '');
      });
      return view;
    };
    expect(await stateAfter('queued', 'fetching')).toMatchObject({ state: 'ready', fault: null });
    await server.done('POST', `${path}/start`, {}, key);
    return stateAfter('queued', 'running');
  };
  const first = await importOnce();
  expect(first).toMatchObject({ state: 'done', counts: { created: PEOPLE, rejected: 0 } });
  expect(await stateOf(empty)).toEqual(await stateOf(appId ?? ''));
  expect(await importOnce()).toMatchObject({
    state: 'done',
    counts: { created: 0, updated: 0, rejected: 0 },
  });
}, 120_000);
