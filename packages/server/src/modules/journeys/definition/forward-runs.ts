import type { Definition, JourneyNode } from './definition.ts';
import { branchesOf, walkNodes } from './walk-nodes.ts';

/**
 * Where runs go on whose nodes are gone: at the node that came next and is still there, out of the branch
 * where nothing of it is left; null where nothing came behind it.
 */
export function forwardRuns(
  before: Pick<Definition, 'nodes' | 'forwards'>,
  after: readonly JourneyNode[],
): Definition['forwards'] {
  const kept = new Set([...walkNodes(after)].map((node) => node.key));
  const forwards: Record<string, number | null> = {};
  /** Of each node that is gone now. */
  const gone = new Map<number, number | null>();
  const look = (nodes: readonly JourneyNode[], behind: number | null): number | null => {
    // From the end: what a node is followed by is known when it is looked at.
    let next = behind;
    for (const node of nodes.toReversed()) {
      for (const branch of branchesOf(node)) look(branch.nodes, next);
      if (kept.has(node.key)) next = node.key;
      else gone.set(node.key, next);
    }
    return next;
  };
  look(before.nodes, null);
  for (const [key, to] of Object.entries(before.forwards)) {
    forwards[key] = to !== null && gone.has(to) ? (gone.get(to) ?? null) : to;
  }
  for (const [key, to] of gone) forwards[key] = to;
  return forwards;
}
