import type { CreateMessageAnswer } from '@carillon/wire';
import type { Targets } from './find-targets.ts';

/** What the caller is told. `id` comes back empty when nobody can be reached: nothing is sent then. */
export function answerFor(targets: Targets, key: string | null, id: string): CreateMessageAnswer {
  if (targets.reachable === 0) {
    return { id: '', external_id: key, errors: ['All included players are not subscribed'] };
  }
  const { aliases, subscriptionIds } = targets.unsubscribed;
  const errors = {
    ...(Object.keys(aliases).length > 0 && { invalid_aliases: copyOf(aliases) }),
    ...(subscriptionIds.length > 0 && { invalid_player_ids: [...subscriptionIds] }),
  };
  return { id, external_id: key, ...(Object.keys(errors).length > 0 && { errors }) };
}

function copyOf(aliases: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(aliases).map(([label, values]) => [label, [...values]]));
}
