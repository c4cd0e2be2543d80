import type { JourneyNode } from '../definition.ts';

/** What is wrong with a journey that was read: what keeps it from going live, or only looks like a mistake. */
export interface Complaint {
  readonly level: 'error' | 'warning';
  /** Null where it is about no node. */
  readonly node: Pick<JourneyNode, 'id' | 'clientNodeId'> | null;
  /** Of the member in the journey as the API shows it: `nodes[0].template_id`. */
  readonly path: string;
  readonly problem: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Tells of something at a path, which may be about a node. */
export type Tell = (
  level: Complaint['level'],
  path: string,
  problem: string,
  fix: string,
  node?: JourneyNode,
) => void;
