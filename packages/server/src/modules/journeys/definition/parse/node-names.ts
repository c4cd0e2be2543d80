import { newId } from '../../../../platform/ids.ts';
import type { JourneyNode } from '../definition.ts';
import type { Member } from './member.ts';

/** More than any journey on a screen. */
const MOST_NODES = 200;
const MOST_DEPTH = 20;

/** What the wire calls a node or a branch, and what runs call it. */
export interface NodeName {
  readonly id: string;
  readonly key: number;
}

export interface KnownName extends NodeName {
  readonly what: JourneyNode['kind'] | 'branch';
}

export interface NamingStart {
  /** Nodes and branches that the journey has already, which a request may name by their ids. */
  readonly known: readonly KnownName[];
  readonly nextKey: number;
}

/** Nobody has an id before the journey is made. */
export const NEW_JOURNEY: NamingStart = { known: [], nextKey: 1 };

/**
 * The names of all nodes and branches of a request, given before any of them is read: a condition may
 * speak of a node by its id or by its client_node_id. Those that the journey has already keep their keys.
 */
export class NodeNames {
  readonly #known: ReadonlyMap<string, KnownName>;
  readonly #isNew: boolean;
  /** By where they stand. */
  readonly #names = new Map<string, NodeName>();
  readonly #keysById = new Map<string, number>();
  readonly #keysByClientId = new Map<string, number>();
  #nextKey: number;
  #nodes = 0;

  constructor(nodes: Member, { known, nextKey }: NamingStart) {
    this.#known = new Map(known.map((name) => [name.id, name]));
    this.#isNew = known.length === 0 && nextKey === 1;
    this.#nextKey = nextKey;
    this.#nameNodes(nodes, 0);
  }

  get nextKey(): number {
    return this.#nextKey;
  }

  /** The name of the node or branch that stands here. */
  of(member: Member): NodeName {
    const name = this.#names.get(member.path);
    if (name === undefined) throw member.refusal('must be an object');
    return name;
  }

  keyOfId(id: string): number | undefined {
    return this.#keysById.get(id);
  }

  keyOfClientId(clientNodeId: string): number | undefined {
    return this.#keysByClientId.get(clientNodeId);
  }

  #nameNodes(nodes: Member, depth: number): void {
    if (depth > MOST_DEPTH) throw nodes.refusal(`must not lie deeper than ${MOST_DEPTH} branches`);
    for (const node of nodes.items(0, MOST_NODES)) {
      this.#nodes += 1;
      if (this.#nodes > MOST_NODES) {
        throw nodes.refusal(`must not have more than ${MOST_NODES} nodes, with those of branches`);
      }
      const { key } = this.#name(node, node.at('kind').value);
      const clientId = node.at('client_node_id');
      if (typeof clientId.value === 'string') {
        if (this.#keysByClientId.has(clientId.value)) throw clientId.refusal('is that of another node too');
        this.#keysByClientId.set(clientId.value, key);
      }
      const branches = node.at('branches');
      if (Array.isArray(branches.value)) {
        for (const branch of branches.items(0, MOST_NODES)) this.#nameBranch(branch, depth);
      }
      const expiration = node.at('expiration');
      if (!expiration.isAbsent && !expiration.at('branch').isAbsent) {
        this.#nameBranch(expiration.at('branch'), depth);
      }
    }
  }

  #nameBranch(branch: Member, depth: number): void {
    this.#name(branch, 'branch');
    this.#nameNodes(branch.at('nodes'), depth + 1);
  }

  #name(member: Member, what: unknown): NodeName {
    const name = this.#oldName(member.at('id'), what) ?? { id: newId(), key: this.#nextKey++ };
    this.#names.set(member.path, name);
    this.#keysById.set(name.id, name.key);
    return name;
  }

  #oldName(id: Member, what: unknown): NodeName | null {
    if (id.isAbsent) return null;
    if (this.#isNew) throw id.refusal('is set by the server: remove it');
    const known = this.#known.get(id.id());
    if (known === undefined) {
      throw id.refusal('is not that of a node or branch of this journey: leave it away for a new one');
    }
    if (known.what !== what) {
      throw id.refusal(
        `is that of ${known.what === 'branch' ? 'a branch' : `a node of kind ${known.what}`}, which cannot change: leave it away for a new one`,
      );
    }
    if (this.#keysById.has(known.id)) throw id.refusal('is named twice');
    return { id: known.id, key: known.key };
  }
}
