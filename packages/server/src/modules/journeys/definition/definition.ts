/** What lets a user in. */
export interface Audience {
  readonly kind: 'event_trigger';
  /** Name of a custom event. */
  readonly name: string;
}

interface NodeBase {
  /** On the wire; a UUID. */
  readonly id: string;
  /** In runs and traces: a small number from 1 that is never given again within its journey. */
  readonly key: number;
  readonly annotation: string | null;
  /** The caller's own name for the node. */
  readonly clientNodeId: string | null;
}

export interface WaitNode extends NodeBase {
  readonly kind: 'wait';
  readonly durationSeconds: number;
}

export interface SendEmailNode extends NodeBase {
  readonly kind: 'send_email';
  readonly templateId: string;
}

export type JourneyNode = WaitNode | SendEmailNode;

/** The way through a journey. Nodes are passed in their order. */
export interface Definition {
  readonly audience: Audience;
  readonly nodes: readonly JourneyNode[];
  /** The key that the next node will get. */
  readonly nextKey: number;
}

/** draft: may be changed. active: users enter and move. archived: everything has stopped, for good. */
export type JourneyState = 'draft' | 'active' | 'archived';

export interface Journey {
  readonly appId: string;
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly state: JourneyState;
  readonly definition: Definition;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly startedAt: Date | null;
  readonly archivedAt: Date | null;
}
