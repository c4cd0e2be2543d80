import { ConfigInvalid } from '../../config/config-invalid.ts';
import { loadConfig } from '../../config/load-config.ts';
import { ask } from '../../home/asked.ts';
import { lookIntoRejects } from '../../home/rejects.ts';
import { sealOf } from '../../home/seal.ts';
import type { OutboxItem } from '../../model/outbox-item.ts';
import { EXIT } from '../exit-code.ts';
import { findUserInSource } from '../find-user-in-source.ts';
import { readTime } from '../read-time.ts';
import { whoTakesIt } from '../who-takes-it.ts';
import { acknowledgedSince } from './acknowledged-since.ts';
import { chooseItems } from './choose-items.ts';
import type { Choice } from './choose-items.ts';

export interface ReplayOptions {
  readonly config: string;
  readonly json: boolean;
  readonly failed: boolean;
  readonly id?: string;
  readonly since?: string;
}

/**
 * `replay`: asks for what was refused to be sent once more. With `--id` also a user who was not, and with
 * `--since` all users who were acknowledged since then, for a target that lost what it had taken.
 */
export async function replay(options: ReplayOptions): Promise<number> {
  const choice = readChoice(options);
  const connector = await loadConfig(options.config);
  let items: readonly OutboxItem[] = chooseItems(
    lookIntoRejects(connector.home, sealOf(connector.homeKeys)),
    choice,
  );
  if (items.length === 0 && choice.kind === 'id') {
    const found = await findUserInSource(connector, choice.id);
    if (found !== null) items = [{ kind: 'user', key: found.key, again: true }];
  }
  if (items.length > 0) ask(connector.home, { kind: 'replay', items });
  let count = items.length;
  if (choice.kind === 'since') {
    for await (const users of acknowledgedSince(connector, choice.at, new Set(items.map(nameOf)))) {
      ask(connector.home, { kind: 'replay', items: users });
      count += users.length;
    }
  }
  const taker = whoTakesIt(connector.home);
  const told = { items: count, taker };
  const text =
    count === 0 ? 'nothing of that kind is there' : `${count} queued once more: ${taker} sends them`;
  process.stdout.write(`${options.json ? JSON.stringify(told) : text}\n`);
  return EXIT.done;
}

/** @throws ConfigInvalid unless exactly one of the three is there. */
function readChoice({ failed, id, since }: ReplayOptions): Choice {
  const choices: readonly (Choice | null)[] = [
    failed ? { kind: 'failed' } : null,
    id === undefined ? null : { kind: 'id', id },
    since === undefined ? null : { kind: 'since', at: readTime('--since', since) },
  ];
  const [choice, ...others] = choices.filter((choice) => choice !== null);
  if (choice === undefined || others.length > 0) {
    throw new ConfigInvalid('replay', 'takes one of --failed, --id ID and --since TIME');
  }
  return choice;
}

function nameOf(item: OutboxItem): string {
  return 'key' in item ? item.key : item.id;
}
