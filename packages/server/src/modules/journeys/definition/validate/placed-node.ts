import type { Branch, JourneyNode } from '../definition.ts';
import { walkNodes } from '../walk-nodes.ts';

/** A node, and what can be said of it by where it stands. */
export interface PlacedNode {
  readonly node: JourneyNode;
  readonly path: string;
  /** Nodes that a run may have passed when it comes here. */
  readonly before: ReadonlySet<JourneyNode>;
  /** No run comes here: what stands before it ends every run. */
  readonly isUnreachable: boolean;
}

/** Every node with its place, each before those of its branches. */
export function* placeNodes(
  nodes: readonly JourneyNode[],
  path = 'nodes',
  passed: ReadonlySet<JourneyNode> = new Set(),
  isCutOff = false,
): Generator<PlacedNode> {
  const before = new Set(passed);
  let isUnreachable = isCutOff;
  for (const [index, node] of nodes.entries()) {
    const here = `${path}[${index}]`;
    yield { node, path: here, before: new Set(before), isUnreachable };
    before.add(node);
    for (const [where, branch] of pathsOfBranches(node)) {
      yield* placeNodes(branch.nodes, `${here}.${where}.nodes`, before, isUnreachable);
    }
    for (const inside of walkNodes([node])) before.add(inside);
    isUnreachable ||= endsRuns(node);
  }
}

/** The branches of a node, with where the API shows them. */
export function pathsOfBranches(node: JourneyNode): readonly (readonly [string, Branch])[] {
  switch (node.kind) {
    case 'yes_no':
      return [
        ['branches[0]', node.yes],
        ['branches[1]', node.no],
      ];
    case 'split_range':
      return node.branches.map((branch, index) => [`branches[${index}]`, branch] as const);
    case 'wait_until': {
      const expired = node.expiration?.branch ?? null;
      return [
        ...node.branches.map((branch, index) => [`branches[${index}]`, branch] as const),
        ...(expired === null ? [] : ([['expiration.branch', expired]] as const)),
      ];
    }
    case 'wait':
    case 'wait_until_date':
    case 'time_window':
    case 'send_push':
    case 'send_email':
    case 'send_sms':
    case 'send_webhook':
    case 'tag':
    case 'exit':
      return [];
  }
}

/** Whether no run goes on behind the node, whichever way it takes. */
function endsRuns(node: JourneyNode): boolean {
  const branchEnds = ({ nodes }: Branch) => nodes.some(endsRuns);
  switch (node.kind) {
    case 'exit':
      return true;
    case 'yes_no':
      return branchEnds(node.yes) && branchEnds(node.no);
    case 'split_range':
      return node.branches.every(branchEnds);
    case 'wait_until': {
      const { expiration } = node;
      const expiryEnds =
        expiration === null ||
        expiration.exits ||
        (expiration.branch !== null && branchEnds(expiration.branch));
      return expiryEnds && node.branches.every(branchEnds);
    }
    case 'wait':
    case 'wait_until_date':
    case 'time_window':
    case 'send_push':
    case 'send_email':
    case 'send_sms':
    case 'send_webhook':
    case 'tag':
      return false;
  }
}
