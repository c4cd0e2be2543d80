/** What lets a user in: being in segments, or an event. Which of the two is fixed once a journey was live. */
export type Audience = SegmentAudience | EventAudience;

export interface SegmentAudience {
  readonly kind: 'segment';
  /** Any of them lets in. */
  readonly includedSegmentIds: readonly string[];
  /** Any of them keeps out. */
  readonly excludedSegmentIds: readonly string[];
  /** Who is in any of these segments at launch never enters. */
  readonly futureAdditionsOnly: boolean;
}

export interface EventAudience {
  readonly kind: 'event_trigger';
  /** Name of a custom event. */
  readonly name: string;
  readonly attributes: readonly AttributeTest[];
  /**
   * Path of the property that names the run: one run for each user and value (a cart, an order), and an
   * event with the key of a run inside does not enter again. Null: each event is a run of its own.
   */
  readonly runKey: string | null;
}

/** Asks about a property of a custom event. All of a list must hold. */
export interface AttributeTest {
  /** Names with points between them: `items.0.sku`. */
  readonly key: string;
  readonly operator: AttributeOperator;
  /** Null for exists and not_exists. */
  readonly value: string | number | boolean | null;
}

export type AttributeOperator =
  | 'equal'
  | 'not_equal'
  | 'less'
  | 'less_or_equal'
  | 'greater_or_equal'
  | 'greater'
  | 'is'
  | 'is_not'
  | 'exists'
  | 'not_exists'
  /** Of times: ISO 8601, or Unix seconds. */
  | 'before'
  | 'after';

/** A custom event that is waited for. */
export interface EventTest {
  readonly name: string;
  readonly attributes: readonly AttributeTest[];
  /** Pairs of paths: the property of the event that let the user in must be that of this event. */
  readonly matchEntry: readonly { readonly entryKey: string; readonly eventKey: string }[];
}

export interface EarlyExit {
  /** On entering any of these. */
  readonly onSegmentIds: readonly string[];
  /** When the user is not in the entry audience any more; of an audience of segments only. */
  readonly whenNotInAudience: boolean;
  /** When the user becomes active. */
  readonly onSession: boolean;
  readonly onEvent: EventTest | null;
  /** Tags to set on an early exit; '' removes. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A custom event that shows that the journey did what it was made for. Counted, also of who is held out. */
export interface Goal {
  readonly event: EventTest;
  /** From the entry on; it counts also after the end of the run. */
  readonly withinSeconds: number;
}

interface NodeBase {
  /** On the wire; a UUID. */
  readonly id: string;
  /** In runs and traces: a small number from 1 that is never given again within its journey. Nodes and branches share it. */
  readonly key: number;
  readonly annotation: string | null;
  /** The caller's own name for the node. */
  readonly clientNodeId: string | null;
}

export interface WaitNode extends NodeBase {
  readonly kind: 'wait';
  readonly durationSeconds: number;
}

/** Waits until a time that an event's property or a tag holds (ISO 8601 or Unix seconds), moved by an offset. */
export interface WaitUntilDateNode extends NodeBase {
  readonly kind: 'wait_until_date';
  readonly source:
    | { readonly kind: 'event_property'; readonly key: string }
    | { readonly kind: 'tag'; readonly key: string };
  /** Negative: before it. */
  readonly offsetSeconds: number;
  /** What a run does whose time is missing, unreadable or has passed. */
  readonly otherwise: 'continue' | 'exit';
}

export interface TimeWindowNode extends NodeBase {
  readonly kind: 'time_window';
  readonly relativeTo: 'schedule_in_timezone' | 'last_active_time';
  readonly windows: readonly TimeWindow[];
  /** IANA name; null: the app's. */
  readonly timeZone: string | null;
  readonly useUserTimeZone: boolean;
}

export interface TimeWindow {
  readonly start: { readonly hour: number; readonly minute: number };
  readonly end: { readonly hour: number; readonly minute: number };
  /** 1 is Monday; null: every day. */
  readonly dayOfWeek: number | null;
}

export interface SendNode extends NodeBase {
  readonly kind: 'send_push' | 'send_email' | 'send_sms';
  readonly templateId: string;
}

export interface WebhookNode extends NodeBase {
  readonly kind: 'send_webhook';
  readonly webhookId: string;
}

export interface TagNode extends NodeBase {
  readonly kind: 'tag';
  /** '' removes. */
  readonly assignments: Readonly<Record<string, string>>;
}

/** Branches by chance; 2 to 20, whose weights add up to 100. */
export interface SplitNode extends NodeBase {
  readonly kind: 'split_range';
  /** False: the same user goes the same way each time. */
  readonly randomizeOnEntry: boolean;
  readonly branches: readonly SplitBranch[];
}

/** Two branches: the first when its condition is true, else the second. */
export interface YesNoNode extends NodeBase {
  readonly kind: 'yes_no';
  readonly condition: Condition;
  readonly yes: Branch;
  readonly no: Branch;
}

/** 1 to 10 branches, of which the first whose condition becomes true is taken; two that are true at once: the upper one. */
export interface WaitUntilNode extends NodeBase {
  readonly kind: 'wait_until';
  readonly branches: readonly ConditionBranch[];
  /** Null: for ever. */
  readonly expiration: {
    readonly durationSeconds: number;
    /** True: the run ends as exited early; false: it goes on behind the node. */
    readonly exits: boolean;
    /** Taken before it goes on. */
    readonly branch: Branch | null;
  } | null;
}

/** The end of the way, inside a branch or at the end. */
export interface ExitNode extends NodeBase {
  readonly kind: 'exit';
}

export interface Branch {
  readonly id: string;
  readonly key: number;
  readonly nodes: readonly JourneyNode[];
}

export interface SplitBranch extends Branch {
  /** Whole per cent. */
  readonly weight: number;
}

export interface ConditionBranch extends Branch {
  readonly condition: Condition;
}

export type Condition =
  /** In any of them. */
  | { readonly kind: 'segment_membership'; readonly segmentIds: readonly string[] }
  /** What the user did with the message that an earlier node of this run sent. */
  | {
      readonly kind: 'on_notification_action';
      readonly action: 'received' | 'clicked' | 'opened';
      readonly sendingNodeKey: number;
    }
  /** Of wait_until: that it comes while the run waits. Of yes_no: that the run has kept one. */
  | { readonly kind: 'event_trigger'; readonly event: EventTest }
  /** Ours: about the properties of the event that let the user in. */
  | { readonly kind: 'entry_event'; readonly attributes: readonly AttributeTest[] };

export type JourneyNode =
  | WaitNode
  | WaitUntilDateNode
  | TimeWindowNode
  | SendNode
  | WebhookNode
  | TagNode
  | SplitNode
  | YesNoNode
  | WaitUntilNode
  | ExitNode;

/** The way through a journey, and its settings. Nodes are passed in their order; branches come together again. */
export interface Definition {
  readonly audience: Audience;
  readonly nodes: readonly JourneyNode[];
  readonly earlyExit: EarlyExit | null;
  /** Of an audience of segments: seconds from the exit to when the user may come in again; null: never. */
  readonly reentrySeconds: number | null;
  readonly goal: Goal | null;
  /** Whole per cent of those who enter, chosen by user, who go the way without any effect; 0: nobody. */
  readonly holdOutPercent: number;
  /** The key that the next node or branch will get. */
  readonly nextKey: number;
  /**
   * Nodes that were removed while users might stand on them: where their runs go on. By the key of the
   * node; null: nothing came behind it.
   */
  readonly forwards: Readonly<Record<string, number | null>>;
}

/**
 * draft: may be changed. scheduled: becomes active by itself at its time. processing: it is made out who is in its
 * segments, and for an audience of segments they are let in. active: users enter and move. paused: nobody enters, and nobody
 * moves until it is active again. archived: everything has stopped, for good.
 */
export type JourneyState = 'draft' | 'scheduled' | 'processing' | 'active' | 'paused' | 'archived';

export interface Schedule {
  readonly startAt: Date | null;
  readonly stopAt: Date | null;
}

export interface Journey {
  readonly appId: string;
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly state: JourneyState;
  /** Of a live journey, the version that runs move by. */
  readonly definition: Definition;
  /** How often a definition of it was published; 0: never. */
  readonly version: number;
  /** It is not known yet who is in all the segments it names: nobody moves until then. */
  readonly awaitsSegments: boolean;
  readonly schedule: Schedule | null;
  /** Why a scheduled start did not happen. */
  readonly scheduleError: string | null;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly startedAt: Date | null;
  readonly archivedAt: Date | null;
}
