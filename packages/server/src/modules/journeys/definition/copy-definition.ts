import { newId } from '../../../platform/ids.ts';
import type { Branch, Definition, JourneyNode } from './definition.ts';

/** The same way for another journey: nodes have ids of their own, and nobody was ever on it. */
export function copyDefinition(definition: Definition): Definition {
  return { ...definition, nodes: definition.nodes.map(copyNode), forwards: {} };
}

function copyNode(node: JourneyNode): JourneyNode {
  const id = newId();
  switch (node.kind) {
    case 'yes_no':
      return { ...node, id, yes: copyBranch(node.yes), no: copyBranch(node.no) };
    case 'split_range':
      return { ...node, id, branches: node.branches.map(copyBranch) };
    case 'wait_until': {
      const { expiration } = node;
      return {
        ...node,
        id,
        branches: node.branches.map(copyBranch),
        expiration: expiration && {
          ...expiration,
          branch: expiration.branch && copyBranch(expiration.branch),
        },
      };
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
      return { ...node, id };
  }
}

function copyBranch<Kind extends Branch>(branch: Kind): Kind {
  return { ...branch, id: newId(), nodes: branch.nodes.map(copyNode) };
}
