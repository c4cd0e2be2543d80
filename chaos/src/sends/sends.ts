import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { required } from '@carillon/client';
import type { Answer, Client } from '@carillon/client';
import { until } from '@carillon/test-kit';
import type { Scenario } from '../scenario.ts';
import { countUnfinished, watchDoubts } from './audit-store.ts';
import { Arrivals } from './arrivals.ts';
import { buildProcess } from '../build-process.ts';
import { Fleet } from './fleet.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { judge } from './judge.ts';
import { makeTrouble } from './trouble.ts';
import { emailWay } from './ways/email-way.ts';
import { pushWay } from './ways/push-way.ts';
import { smsWay } from './ways/sms-way.ts';
import type { Way } from './ways/way.ts';
import { makeWorld } from './world.ts';

const WORKERS = 3;
/** The last kill comes when about this part has arrived: a chance run must not end before it. */
const SPREAD = 0.6;
const SMALL_EVERY_MS = 300;
/** The throttled message takes this part of the recipients a minute: some ten seconds for its fifth. */
const THROTTLE = 1.2;
/** For a broken engine, not a measurement. */
const PATIENCE_MS = 180_000;

export const sends = sendsBy(emailWay, 'emails, over SMTP');
export const sendsPush = sendsBy(pushWay, 'push messages, over HTTP/2 as to FCM');
export const sendsSms = sendsBy(smsWay, 'text messages, over SMPP with receipts');

function sendsBy(way: Way, what: string): Scenario {
  return {
    about: `${what}: one to many people, one that is throttled, one that is to come once at most, one that is cancelled in the middle, and a trickle of single ones, while the three worker processes that send them are killed again and again, the first message is paused and resumed, and all connections to the database are cut; then what arrived is held against ledger, counts and feed`,
    async run(chaos) {
      const kills = chaos.number('kills', 200);
      const recipients = chaos.number('recipients', 20_000);
      const built = await buildProcess(new URL('./sender-process.ts', import.meta.url));
      chaos.afterwards(() => built.remove());
      const world = await makeWorld(chaos);
      const { database, client } = world;
      await watchDoubts(database);
      const arrivals = new Arrivals();
      const { signer, subscriptionAt } = world;
      const provider = await way.start({ arrivals, signer, subscriptionAt });
      chaos.afterwards(() => provider.close());
      await world.use(provider);
      const names = await world.makeUsers(recipients, (index) => way.subscriptionOf(index));
      const send = (to: readonly string[], more?: object) => accept(client, to, { ...way.words, ...more });
      const fleet = new Fleet(built.module, world.workerEnv);
      chaos.afterwards(() => fleet.end());
      await Promise.all(Array.from({ length: WORKERS }, () => fleet.add()));

      const started = Date.now();
      const toAll = await send(names);
      const accepted = [
        toAll,
        await send(names.slice(0, recipients / 5), { throttle_rate_per_minute: THROTTLE * recipients }),
      ];
      const onceAtMost = await send(names.slice(0, recipients / 5), { at_most_once: true });
      const cancelled = await send(names.slice(0, recipients / 2));
      accepted.push(onceAtMost, cancelled);
      const going = () => fleet.killed.size < kills;
      const trouble = makeTrouble({ client, database, messageId: toAll ?? '', going });
      const trickle = sendSingly(send, names, accepted, going);
      const attack = fleet.attack(kills, (SPREAD * recipients) / kills, () => arrivals.count);
      const midway = () => arrivals.count > recipients / 2 || fleet.killed.size >= kills / 2;
      await until('half of it has arrived', async () => midway() || pause(20, undefined), PATIENCE_MS);
      await cancel(client, cancelled ?? '');
      await attack;
      const unfinished = await countUnfinished(database);
      await trickle;
      const { pauses, cuts } = await trouble;
      chaos.say(
        `${kills} kills in ${seconds(started)} s, a worker started in ${Math.round(fleet.startMs)} ms (median); ${unfinished} chunks were unfinished at the last kill; ${pauses} pauses, ${cuts} cuts of all connections`,
      );
      const isDone = async () => (await countUnfinished(database)) === 0 || pause(200, undefined);
      await until('everything is sent', isDone, PATIENCE_MS).catch((error: Error) =>
        chaos.say(error.message),
      );
      await fleet.end();

      const ids = accepted.filter((id) => id !== null);
      const { figures, broken } = judge(
        await gatherEvidence({
          database,
          client,
          channel: way.channel,
          arrivals,
          killed: fleet.killed,
          messages: ids,
          onceAtMost,
        }),
      );
      chaos.say(
        `${ids.length} messages, ${figures['deliveries']} deliveries, ${figures['arrived']} arrivals in ${seconds(started)} s`,
      );
      chaos.say(
        `${figures['in_doubt_at_kills']} times a recipient was in doubt at a kill; ${figures['doubled_in_doubt']} of them got it again`,
      );
      const early = unfinished === 0 ? ['the send was over before the last kill'] : [];
      return {
        figures: { ...figures, pauses, cuts, seconds: Number(seconds(started)) },
        broken: [...broken, ...early],
      };
    },
  };
}

type Send = (to: readonly string[], more?: object) => Promise<string | null>;

/** Messages to one person each, accepted while workers die. */
async function sendSingly(
  send: Send,
  names: readonly string[],
  accepted: (string | null)[],
  going: () => boolean,
): Promise<void> {
  while (going()) {
    await pause(SMALL_EVERY_MS);
    accepted.push(await send([names[Math.floor(Math.random() * names.length)] ?? '']));
  }
}

/** The id of the message, or null when nobody of those could be reached. */
async function accept(client: Client, names: readonly string[], said: object): Promise<string | null> {
  const include_aliases = { external_id: [...names] };
  const message = { ...said, include_aliases, idempotency_key: randomUUID() };
  const made = await insist(() => client.notifications.create(message));
  return made.kind === 'accepted' ? made.id : null;
}

async function cancel(client: Client, id: string): Promise<void> {
  await insist(() => client.notifications.cancel(id));
}

/** While the connections of the API are cut it answers 503, or not at all. */
async function insist<Value>(call: () => Promise<Answer<Value>>): Promise<Value> {
  for (;;) {
    const answer = await call();
    if (answer.ok) return answer.value;
    if (answer.failure.kind === 'invalid') return required(answer);
    await pause(100);
  }
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1_000).toFixed(1);
}
