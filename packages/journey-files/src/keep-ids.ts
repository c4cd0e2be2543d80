import { isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * The nodes of a file with the ids of those nodes of the server that they stand for: of the same
 * `client_node_id` and kind, else of the same kind at the same place. So who stands on a node stays on it.
 */
export function keepIds(nodes: Json | undefined, old: Json | undefined): readonly Json[] {
  const mine = listOf(nodes);
  const theirs = listOf(old);
  const taken = new Set<JsonObject>();
  const byName = mine.map((node) =>
    theirs.find(
      (other) => nameOf(node) !== undefined && nameOf(other) === nameOf(node) && isLike(node, other),
    ),
  );
  for (const other of byName) if (other !== undefined) taken.add(other);
  return mine.map((node, index) => {
    const beside = theirs[index];
    const isFree = beside !== undefined && !taken.has(beside) && isLike(node, beside);
    const stands = byName[index] ?? (isFree && nameOf(node) === nameOf(beside) ? beside : undefined);
    return stands === undefined ? node : withIdsOf(node, stands);
  });
}

function withIdsOf(node: JsonObject, old: JsonObject): JsonObject {
  const { branches, expiration } = node;
  const oldBranches = listOf(old['branches']);
  const expired = isObject(expiration) ? expiration['branch'] : undefined;
  const oldExpired = isObject(old['expiration']) ? old['expiration']['branch'] : undefined;
  return {
    ...node,
    ...(old['id'] !== undefined && { id: old['id'] }),
    ...(Array.isArray(branches) && {
      branches: listOf(branches).map((branch, index) => branchWithIds(branch, oldBranches[index])),
    }),
    ...(isObject(expiration) &&
      isObject(expired) && { expiration: { ...expiration, branch: branchWithIds(expired, oldExpired) } }),
  };
}

function branchWithIds(branch: JsonObject, old: Json | undefined): JsonObject {
  if (!isObject(old)) return branch;
  const id = old['id'];
  return { ...branch, ...(id !== undefined && { id }), nodes: keepIds(branch['nodes'], old['nodes']) };
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

function nameOf(node: JsonObject): Json | undefined {
  return node['client_node_id'] ?? undefined;
}

function isLike(node: JsonObject, other: JsonObject): boolean {
  return node['kind'] === other['kind'];
}
