import type { Queryable } from '../../../platform/database/database.ts';
import { newId } from '../../../platform/ids.ts';
import { brokenRules } from '../invariants-store.ts';
import { Cast } from './cast.ts';
import { perform } from './command.ts';
import type { Command } from './command.ts';
import { describeWorld } from './describe-world.ts';
import { explain } from './explain.ts';
import type { Deed } from './explain.ts';
import { meetStrangers } from './make-room.ts';
import type { Operation } from './operation.ts';
import { readWorld } from './snapshot-store.ts';
import type { Told } from './told.ts';
import { World } from './world.ts';

/** Commands of each turn happen at the same time, the turns one after the other. */
export type Program = readonly (readonly Command[])[];

export interface Stage {
  readonly database: Queryable;
  /** Does an operation of an app in one of several processes: `process` is any number. */
  call(process: number, appId: string, operation: Operation): Promise<Told>;
  /** Lets time pass, and says what time it is. */
  tick(): Promise<number>;
}

/**
 * Plays a program in a new app. After each turn some order of its operations must explain all answers
 * and everything that is stored, and the rows must agree with each other. Throws when they do not.
 */
export async function play(stage: Stage, program: Program): Promise<void> {
  const appId = newId();
  const cast = new Cast();
  let world = new World();
  for (const [turn, commands] of program.entries()) {
    const now = await stage.tick();
    const clients = await Promise.all(
      commands.map((command, client) =>
        playOne(command, cast, (operation) => stage.call(turn + client, appId, operation)),
      ),
    );
    for (const deeds of clients) cast.note(deeds);
    const [stored, broken] = await Promise.all([
      readWorld(stage.database, appId),
      brokenRules(stage.database, appId),
    ]);
    if (broken.length > 0) throw new Error(`${broken.join('; ')}\n${report(world, clients, stored)}`);
    const next = explain(world, now, clients, (after) => isSame(after, stored));
    if (next === null) throw new Error(`no order explains it\n${report(world, clients, stored)}`);
    world = next;
  }
  await look(stage, appId, world);
}

async function playOne(
  command: Command,
  cast: Cast,
  call: (operation: Operation) => Promise<Told>,
): Promise<Deed[]> {
  const deeds: Deed[] = [];
  await perform(command, async (named) => {
    const operation = cast.fill(named);
    const told = await call(operation);
    deeds.push({ operation, told });
    return told;
  });
  return deeds;
}

/** Everybody can be seen under every name, as they are. */
async function look(stage: Stage, appId: string, world: World): Promise<void> {
  const deeds: Deed[] = [];
  const see = async (operation: Operation) => {
    deeds.push({ operation, told: await stage.call(deeds.length, appId, operation) });
  };
  for (const { id, aliases } of world.users.values()) {
    for (const [label, value] of Object.entries({ onesignal_id: id, ...aliases })) {
      await see({ do: 'view user', user: { label, value } });
    }
  }
  for (const { id } of world.subscriptions.values()) await see({ do: 'view owner', id });
  if (explain(world, await stage.tick(), [deeds], () => true) === null) {
    throw new Error(`the API shows something else\n${report(world, [deeds], world)}`);
  }
}

function isSame(world: World, stored: World): boolean {
  meetStrangers(world, stored);
  return describeWorld(world) === describeWorld(stored);
}

function report(before: World, clients: readonly (readonly Deed[])[], stored: World): string {
  const told = clients.flatMap((deeds, client) =>
    deeds.map(({ operation, told }) => `${client}: ${JSON.stringify(operation)}\n   ${JSON.stringify(told)}`),
  );
  return ['before', describeWorld(before), 'done', ...told, 'stored', describeWorld(stored)].join('\n');
}
