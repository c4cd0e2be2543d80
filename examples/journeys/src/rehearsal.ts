import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client, required } from '@carillon/client';
import { createLog, loadConfig, startCarillon, statement } from '@carillon/server';
import type { Carillon } from '@carillon/server';
import { runJourneys } from '@carillon/journey-files';
import { createTestDatabase, FakeClock, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { Journey, JourneySimulation } from '@carillon/wire';

const folder = new URL('../', import.meta.url);

/** What happened, in the order of the times. */
export interface SampleData {
  readonly people: readonly {
    readonly id: string;
    readonly first_name: string;
    readonly timezone_id?: string;
  }[];
  readonly happens: readonly {
    /** ISO 8601. */
    readonly at: string;
    readonly who: string;
    readonly event?: string;
    readonly properties?: Readonly<Record<string, string | number>>;
    /** They opened the app. */
    readonly session?: true;
  }[];
  readonly until: string;
}

// A send is over when its sender has noted so, not when the mail is there: if time jumped between the two, the sender
// would seem to have died with the mail in doubt, and it would be sent again.
const unfinished = statement(
  'rehearsal.unfinished',
  `select (select count(*) from lane_inbox) + (select count(*) from changed_users)
     + (select count(*) from journey_runs where wake_at <= $1) + (select count(*) from journey_entries where wake_at <= $1)
     + (select count(*) from segment_state where flip_at <= $1) + (select count(*) from segment_walks)
     + (select count(*) from journeys where state = 'processing' or awaits_segments)
     + (select count(*) from message_chunks where state = 'open' or (state = 'ready' and due_at <= $1)) as count`,
);
const nextMoment = statement(
  'rehearsal.next-moment',
  `select (extract(epoch from least((select min(wake_at) from journey_runs), (select min(wake_at) from journey_entries),
     (select min(flip_at) from segment_state))) * 1000)::float8 as at`,
);
const trace = statement(
  'rehearsal.trace',
  `select step, reason from journey_trace where journey_id = $1 and user_id = $2 order by at, run_id, rev`,
);
const mails = statement(
  'rehearsal.mails',
  `select s.recipient, s.received_at as at, m.template_id as template from sandbox_messages s
   join messages m on m.id = s.message_id order by s.received_at, s.id`,
);

/** One of the journeys of this folder on a whole server, with its sample data, on a clock that jumps. */
export class Rehearsal {
  readonly clock: FakeClock;
  readonly client: Client;
  readonly #database: TestDatabase;
  readonly #carillon: Carillon;
  readonly data: SampleData;
  readonly #templates = new Map<string, string>();

  private constructor(clock: FakeClock, database: TestDatabase, carillon: Carillon, data: SampleData) {
    this.clock = clock;
    this.#database = database;
    this.#carillon = carillon;
    this.data = data;
    this.client = new Client({ url: carillon.url ?? '', appId: this.appId, apiKey: this.apiKey });
  }

  private get appId(): string {
    return this.#carillon.appId ?? '';
  }

  private get apiKey(): string {
    return this.#carillon.appKey ?? '';
  }

  static async start(name: string): Promise<Rehearsal> {
    const data = (await readJson(`data/${name}.json`)) as SampleData;
    const [first] = data.happens;
    const clock = new FakeClock(first === undefined ? data.until : Date.parse(first.at) - 60_000);
    const database = await createTestDatabase();
    const config = loadConfig({
      DATABASE_URL: database.url,
      CARILLON_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      CARILLON_PORT: '0',
      CARILLON_SANDBOX: 'true',
      // Leases end by the database's clock and are renewed by this one, which stands still: no mail may take that long.
      CARILLON_SEND_LEASE_MS: '60000',
      ...Object.fromEntries(RECEIVERS.map((receiver) => [`CARILLON_SANDBOX_${receiver}_PORT`, '0'])),
    });
    const carillon = await startCarillon(config, { log: createLog({ level: 'silent' }), clock });
    const rehearsal = new Rehearsal(clock, database, carillon, data);
    await rehearsal.#prepare();
    return rehearsal;
  }

  async #prepare(): Promise<void> {
    const { client } = this;
    const templates = (await readJson('data/templates.json')) as { name: string }[];
    for (const template of templates) {
      const { id } = required(await client.templates.create({ isEmail: true, ...template }));
      this.#templates.set(id, template.name);
    }
    for (const segment of (await readJson('data/segments.json')) as { name: string; filters: object[] }[]) {
      required(await client.segments.create(segment as Parameters<typeof client.segments.create>[0]));
    }
    for (const { id, first_name, timezone_id } of this.data.people) {
      required(
        await client.users.upsert({
          identity: { external_id: id },
          properties: { tags: { first_name }, ...(timezone_id !== undefined && { timezone_id }) },
          subscriptions: [{ type: 'Email', token: `${id}@example.com` }],
        }),
      );
    }
  }

  /** What `carillon journeys apply` does with the file of this name. */
  async apply(name: string): Promise<Journey> {
    const said: string[] = [];
    const env = {
      CARILLON_URL: this.#carillon.url ?? '',
      CARILLON_APP_ID: this.appId,
      CARILLON_API_KEY: this.apiKey,
    };
    const path = fileURLToPath(new URL('journeys', folder));
    const say = (line: string) => void said.push(line);
    const code = await runJourneys(['apply', path], env, { out: say, error: say });
    if (code !== 0) throw new Error(said.join('\n'));
    const { journeys } = required(await this.client.journeys.list());
    const found = journeys.find((journey) => journey.name === name);
    if (found === undefined) throw new Error(`no journey is called ${name}`);
    await this.#settle();
    return required(await this.client.journeys.view(found.id));
  }

  /** Lets everything happen that the sample data tells, each at its time, and everything that comes of it. */
  async play(): Promise<void> {
    for (const { at, who, event, properties = {}, session } of this.data.happens) {
      await this.passUntil(at);
      if (event !== undefined) {
        required(await this.client.customEvents.create([{ name: event, external_id: who, properties }]));
      }
      if (session) await this.session(who);
      await this.#settle();
    }
    await this.passUntil(this.data.until);
  }

  /** Somebody opens the app, which says so as devices do. */
  async session(who: string): Promise<void> {
    const user = required(await this.client.users.view({ label: 'external_id', id: who }));
    const answer = await fetch(`${this.#carillon.url}/apps/${this.appId}/users/by/external_id/${who}`, {
      method: 'PATCH',
      headers: {
        authorization: `Key ${this.apiKey}`,
        'content-type': 'application/json',
        'onesignal-subscription-id': user.subscriptions[0]?.id ?? '',
      },
      body: JSON.stringify({ refresh_device_metadata: true, deltas: { session_count: 1 } }),
    });
    if (!answer.ok) throw new Error(`the session of ${who} was answered with ${answer.status}`);
  }

  /** Time passes, from one moment at which something is due to the next. */
  async passUntil(time: string): Promise<void> {
    const end = Date.parse(time);
    for (;;) {
      await this.#settle();
      const [next] = await this.#database.database.rows<{ at: number | null }>(nextMoment);
      const at = Math.min(next?.at ?? Infinity, end);
      if (at <= this.clock.now() && this.clock.now() >= end) return;
      await this.clock.jump(Math.max(0, Math.ceil(at) - this.clock.now()));
    }
  }

  async #settle(): Promise<void> {
    await until('everything that is due is done', async () => {
      const now = [new Date(this.clock.now())];
      const [row] = await this.#database.database.rows<{ count: number }>(unfinished, now);
      // Whoever looks again after a while, on the clock that stands still.
      if (row?.count !== 0) await this.clock.jump(0);
      return row?.count === 0;
    });
  }

  /** The mails so far: who got which template when, in UTC; those of one minute by who. */
  async mails(): Promise<string[]> {
    const rows = await this.#database.database.rows<{ recipient: string; at: Date; template: string }>(mails);
    return rows
      .map(({ recipient, at, template }) => {
        const who = recipient.split('@')[0] ?? '';
        return `${at.toISOString().slice(0, 16)} ${who} ${this.#templates.get(template) ?? template}`;
      })
      .toSorted();
  }

  /** What the server tells of somebody's runs in a journey, in the order of the steps. */
  async steps({ id }: Journey, who: string): Promise<string[]> {
    const values = [
      id,
      required(await this.client.users.view({ label: 'external_id', id: who })).identity['onesignal_id'],
    ];
    const rows = await this.#database.database.rows<{ step: string; reason: string | null }>(trace, values);
    return rows.map(({ step, reason }) => (reason === null ? step : `${step} (${reason})`));
  }

  async simulate(
    journey: Journey,
    body: Parameters<Client['journeys']['simulate']>[1],
  ): Promise<JourneySimulation> {
    return required(await this.client.journeys.simulate(journey.id, body));
  }

  async end(): Promise<void> {
    await this.client.close();
    await this.#carillon.stop();
    await this.#database.drop();
  }
}

const RECEIVERS = [
  'SMTP',
  'APNS',
  'FCM',
  'WEB_PUSH',
  'HUAWEI',
  'ADM',
  'TWILIO',
  'VONAGE',
  'SNS',
  'MAIL_APIS',
  'SMPP',
];

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(path, folder), 'utf8'));
}
