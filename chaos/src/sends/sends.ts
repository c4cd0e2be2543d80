import { setTimeout as pause } from 'node:timers/promises';
import { required } from '@carillon/client';
import type { Client } from '@carillon/client';
import { until } from '@carillon/test-kit';
import type { Scenario } from '../scenario.ts';
import { countUnfinished, watchDoubts } from './audit-store.ts';
import { buildSender } from './build-sender.ts';
import { Fleet } from './fleet.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { judge } from './judge.ts';
import { RecordingReceiver } from './recording-receiver.ts';
import { makeWorld } from './world.ts';

const WORKERS = 3;
/** The last kill comes when about this part of the mails have arrived: a chance run must not end before it. */
const SPREAD = 0.6;
const SMALL_EVERY_MS = 300;
/** For a broken engine, not a measurement. */
const PATIENCE_MS = 180_000;

const WORDS = {
  target_channel: 'email',
  email_subject: 'The spring teas are here',
  email_body: '<p>Dear {{ user.external_id }}, <a href="https://shop.example/teas">look at them</a>.</p>',
} as const;

export const sends: Scenario = {
  about:
    'one email to many people and a trickle of single ones, while the three worker processes that send them over SMTP are killed again and again; then what arrived is held against ledger, counts and feed',
  async run(chaos) {
    const kills = chaos.number('kills', 200);
    const recipients = chaos.number('recipients', 20_000);
    const built = await buildSender();
    chaos.afterwards(() => built.remove());
    const world = await makeWorld(chaos);
    const { database, client } = world;
    await watchDoubts(database);
    const receiver = new RecordingReceiver(world.signer);
    chaos.afterwards(() => receiver.close());
    await world.useMailServer((await receiver.start()).port);
    const names = await world.makeUsers(recipients);
    const fleet = new Fleet(built.module, world.workerEnv);
    chaos.afterwards(() => fleet.end());
    await Promise.all(Array.from({ length: WORKERS }, () => fleet.add()));

    const started = Date.now();
    const accepted = [await send(client, names)];
    const trickle = sendSingly(client, names, accepted, () => fleet.killed.size < kills);
    await fleet.attack(kills, (SPREAD * recipients) / kills, () => receiver.mails);
    const unfinished = await countUnfinished(database);
    await trickle;
    chaos.say(
      `${kills} kills in ${seconds(started)} s, a worker started in ${Math.round(fleet.startMs)} ms (median); ${unfinished} chunks were unfinished at the last kill`,
    );
    const isDone = async () => (await countUnfinished(database)) === 0 || pause(200, undefined);
    await until('everything is sent', isDone, PATIENCE_MS).catch((error: Error) => chaos.say(error.message));
    await fleet.end();

    const ids = accepted.filter((id) => id !== null);
    const { figures, broken } = judge(
      await gatherEvidence({ database, client, receiver, killed: fleet.killed, messages: ids }),
    );
    chaos.say(
      `${ids.length} messages, ${figures['deliveries']} deliveries, ${figures['mails']} mails in ${seconds(started)} s`,
    );
    chaos.say(
      `${figures['in_doubt_at_kills']} times a recipient was in doubt at a kill; ${figures['doubled_in_doubt']} of them got the mail again, under the same Message-ID`,
    );
    const early = unfinished === 0 ? ['the send was over before the last kill'] : [];
    return { figures: { ...figures, seconds: Number(seconds(started)) }, broken: [...broken, ...early] };
  },
};

/** Messages to one person each, accepted while workers die. */
async function sendSingly(
  client: Client,
  names: readonly string[],
  accepted: (string | null)[],
  going: () => boolean,
): Promise<void> {
  while (going()) {
    await pause(SMALL_EVERY_MS);
    accepted.push(await send(client, [names[Math.floor(Math.random() * names.length)] ?? '']));
  }
}

/** The id of the message, or null when nobody of those could be reached. */
async function send(client: Client, names: readonly string[]): Promise<string | null> {
  const made = required(
    await client.notifications.create({ ...WORDS, include_aliases: { external_id: [...names] } }),
  );
  return made.kind === 'accepted' ? made.id : null;
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1_000).toFixed(1);
}
