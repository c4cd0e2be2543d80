import { ApiError } from '../../../platform/http/api-error.ts';
import { presentNodes } from '../present/present-node.ts';
import type { JsonObject } from './change-journey.ts';
import type { Journey } from './definition.ts';
import { mergePatch } from './merge-patch.ts';
import { Member } from './parse/member.ts';

/**
 * The merge patch of a journey that is meant by one of a node of it. Throws ApiError `journey-node-not-found`,
 * and `request-invalid` for another kind or id than the node has.
 */
export function patchOfNode(journey: Journey, nodeId: string, patch: JsonObject): JsonObject {
  const { concurrency_key: seen, ...members } = patch;
  let isThere = false;
  const nodes = replace(presentNodes(journey.definition.nodes), nodeId.toLowerCase(), (node) => {
    isThere = true;
    for (const fixed of ['id', 'kind']) {
      const member = new Member(members, '').at(fixed);
      if (!(fixed in members) || member.value === node[fixed]) continue;
      throw member.refusal('of a node cannot change: remove it, or replace the node in the journey');
    }
    return mergePatch(node, members) as JsonObject;
  });
  if (!isThere) throw new ApiError('journey-node-not-found', { params: { id: nodeId } });
  return { nodes, ...(seen !== undefined && { concurrency_key: seen }) };
}

/** Nodes as the API shows them, with one of them changed, wherever it stands. */
function replace(
  nodes: readonly JsonObject[],
  id: string,
  change: (node: JsonObject) => JsonObject,
): readonly JsonObject[] {
  const inBranch = (branch: unknown) => {
    const { nodes: inside = [], ...rest } = branch as { readonly nodes?: readonly JsonObject[] };
    return { ...rest, nodes: replace(inside, id, change) };
  };
  return nodes.map((node) => {
    if (node['id'] === id) return change(node);
    const { branches, expiration } = node;
    const expired = (expiration ?? {}) as JsonObject;
    return {
      ...node,
      ...(Array.isArray(branches) && { branches: branches.map(inBranch) }),
      ...(expired['branch'] !== undefined &&
        expired['branch'] !== null && { expiration: { ...expired, branch: inBranch(expired['branch']) } }),
    };
  });
}
