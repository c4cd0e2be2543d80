import { newId } from '../../../platform/ids.ts';
import { brokenRules } from '../invariants-store.ts';
import { Cast } from './cast.ts';
import { perform } from './command.ts';
import type { Command } from './command.ts';
import type { Stage } from './play.ts';

/**
 * Plays commands in a new app with `wide` of them under way at any time: too many for an order to be looked
 * for. No answer may be a fault of ours, and afterwards the rows must agree with each other.
 */
export async function playCrowd(stage: Stage, commands: readonly Command[], wide: number): Promise<void> {
  const appId = newId();
  const cast = new Cast();
  const left = [...commands.entries()];
  const play = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [number, command] = next;
      await perform(command, async (named) => {
        const operation = cast.fill(named);
        const told = await stage.call(number, appId, operation);
        if (told.status >= 500) throw new Error(`${told.status} to ${JSON.stringify(operation)}`);
        cast.note([{ operation, told }]);
        return told;
      });
    }
  };
  await Promise.all(Array.from({ length: wide }, play));
  const broken = await brokenRules(stage.database, appId);
  if (broken.length > 0) throw new Error(broken.join('; '));
}
