import type { CustomEventProperties } from '@carillon/wire';

/** An event that a run keeps: for its conditions, and for what it writes to its user. */
export interface KeptEvent {
  readonly id: string;
  readonly name: string;
  readonly properties: CustomEventProperties;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** What came while the journey was paused or awaited its segments, and is done when it goes on. */
export type Pending =
  /** The run stands at the door: before the first node, which it has not come to. */
  | { readonly kind: 'entry' }
  | { readonly kind: 'branch'; readonly key: number; readonly reason: string }
  | { readonly kind: 'exit'; readonly reason: ExitReason };

/** Kept as JSON with the run; erased with it. */
export interface RunContext {
  /** In the order of storing; the first is the one that let the user in. */
  readonly events: readonly KeptEvent[];
  /** Messages that were made, by the key of their node. */
  readonly sent?: Readonly<Record<string, string>>;
  /** The user goes the way without any effect. */
  readonly heldOut?: true;
  /** The goal was reached and counted. */
  readonly goal?: true;
  readonly pending?: Pending;
}

/** One user's way through a journey. */
export interface Run {
  readonly id: string;
  readonly userId: string;
  /** Key of the node at which it waits; 0 when its way is over and it waits for the goal. */
  readonly node: number;
  /** Lines of its trace so far. */
  readonly rev: number;
  /** Milliseconds since the epoch; null when it waits for something that comes, for ever. */
  readonly wakeAt: number | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly context: RunContext;
}

export type MessageAction = 'received' | 'opened' | 'clicked';

export type ExitReason =
  | 'session'
  | 'event'
  | 'segment'
  | 'not in audience'
  | 'expired'
  | 'no date'
  | 'date passed';

/** What moves a run. */
export type Input =
  /** The user comes in: the run stands nowhere yet. */
  | { readonly kind: 'enter'; readonly reason: string }
  /** The time that the run waited for has come. */
  | { readonly kind: 'timer' }
  /** A custom event. `at` is when it happened, in milliseconds since the epoch. */
  | { readonly kind: 'event'; readonly event: KeptEvent; readonly at: number }
  /** What the user did with a message of this run. */
  | { readonly kind: 'message'; readonly node: number; readonly action: MessageAction }
  | { readonly kind: 'segments'; readonly entered: readonly string[]; readonly left: readonly string[] }
  /** The user became active. */
  | { readonly kind: 'session' }
  /** Somebody ended it, or the journey is archived or deleted. */
  | { readonly kind: 'stop'; readonly reason: string };

export type StepName =
  /** The user came in. */
  | 'entered'
  /** The user is one of those who go the way without any effect. */
  | 'held out'
  /** A wait is over. */
  | 'waited'
  /** A wait had no reason, or the way ended at an exit. */
  | 'passed'
  /** A branch was taken. */
  | 'branched'
  /** A message was made for the user. */
  | 'sent'
  /** A webhook is to be called. */
  | 'called'
  /** Tags were written. */
  | 'tagged'
  /** The step could not be done, and the way went on; the reason says why. */
  | 'skipped'
  /** The step was left out because the user is held out. */
  | 'withheld'
  /** Something that the run waits for came while nobody moves in the journey. */
  | 'noted'
  /** The node at which the run stood was removed: it goes on elsewhere. */
  | 'forwarded'
  /** The end of the way. */
  | 'completed'
  /** An exit rule ended it. */
  | 'exited early'
  /** The journey was archived or deleted, or somebody ended the run: without exit rules. */
  | 'stopped'
  /** The goal was reached. */
  | 'goal'
  /** It was, by somebody who is held out. */
  | 'goal held out';

export interface TraceLine {
  readonly rev: number;
  /** Key of the node, 0 for lines that belong to none. */
  readonly node: number;
  readonly step: StepName;
  /** Key of the branch that was taken. */
  readonly branch: number | null;
  readonly reason: string | null;
  readonly messageId: string | null;
}

/** What a step leaves to be done, in the commit that moves the run. */
export type Effect =
  | {
      readonly kind: 'send';
      readonly channel: SendChannel;
      readonly node: number;
      readonly messageId: string;
      readonly templateId: string;
      readonly contentId: string;
      /** Subscription ids in ascending order. */
      readonly targets: readonly string[];
    }
  | { readonly kind: 'webhook'; readonly node: number; readonly callId: string; readonly webhookId: string }
  | { readonly kind: 'tag'; readonly node: number; readonly assignments: Readonly<Record<string, string>> };

export type SendChannel = 'push' | 'email' | 'sms';

export interface Step {
  /** What the run is now; null when nothing is left to wait for. The same object when nothing happened. */
  readonly next: Run | null;
  readonly trace: readonly TraceLine[];
  readonly effects: readonly Effect[];
  /** What the run knew when it left the effects: what they may tell the user of. */
  readonly events: readonly KeptEvent[];
}

/** What a step may need to know of the user and the app; gathered before, for a whole batch. */
export interface Facts {
  /** Of the segments that were asked for, those the user is in. */
  readonly memberships: ReadonlySet<string>;
  /** What the user did with messages, by message id. */
  readonly actions: ReadonlyMap<string, ReadonlySet<MessageAction>>;
  readonly tags: Readonly<Record<string, string>>;
  /** IANA name that the user has told. */
  readonly timeZone: string | null;
  readonly appTimeZone: string;
  /** Milliseconds since the epoch. */
  readonly lastActive: number | null;
  /** Subscriptions that a message can go to, in ascending order of their ids. */
  readonly reachable: Readonly<Partial<Record<SendChannel, readonly string[]>>>;
  /** Template ids to the ids of what they say now; those that are gone are absent. */
  readonly contents: ReadonlyMap<string, string>;
  /** Webhooks that exist. */
  readonly webhooks: ReadonlySet<string>;
  /** Most tags that a user of the app may have. */
  readonly tagLimit: number;
}

export const NO_FACTS: Facts = {
  memberships: new Set(),
  actions: new Map(),
  tags: {},
  timeZone: null,
  appTimeZone: 'UTC',
  lastActive: null,
  reachable: {},
  contents: new Map(),
  webhooks: new Set(),
  tagLimit: Infinity,
};
