import type { Branch, JourneyNode } from './definition.ts';

/** The ways that lead on from a node, in their order; none of most kinds. */
export function branchesOf(node: JourneyNode): readonly Branch[] {
  switch (node.kind) {
    case 'yes_no':
      return [node.yes, node.no];
    case 'split_range':
      return node.branches;
    case 'wait_until':
      return node.expiration?.branch ? [...node.branches, node.expiration.branch] : node.branches;
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

/** Every node, each before those of its branches. */
export function* walkNodes(nodes: readonly JourneyNode[]): Generator<JourneyNode> {
  for (const node of nodes) {
    yield node;
    for (const branch of branchesOf(node)) yield* walkNodes(branch.nodes);
  }
}
