import type { Definition } from './definition.ts';
import type { KnownName, NamingStart } from './parse/node-names.ts';
import { branchesOf, walkNodes } from './walk-nodes.ts';

/** The names that a journey has given out so far: a change of it may speak of its nodes by their ids. */
export function namingOf({ nodes, nextKey }: Definition): NamingStart {
  const known = [...walkNodes(nodes)].flatMap((node): KnownName[] => [
    { id: node.id, key: node.key, what: node.kind },
    ...branchesOf(node).map(({ id, key }) => ({ id, key, what: 'branch' as const })),
  ]);
  return { known, nextKey };
}
