import type { Alias } from '../alias.ts';
import type { UserPlace } from '../recipient.ts';

/** By what everything is found that is held about somebody. Stored as JSON until an erasure is done. */
export interface Person {
  readonly appId: string;
  /** The user, and those whose data is its own by now. None when only a subscription is meant. */
  readonly users: readonly UserPlace[];
  readonly subscriptions: readonly SubscriptionLanes[];
  readonly aliases: readonly Alias[];
  /** Emails, phone numbers and push tokens. */
  readonly addresses: readonly string[];
}

/** A person whose identity is gone. */
export interface DeletedPerson extends Person {
  readonly deletedAt: Date;
  /** What came to an end was an import's doing: nobody has asked that they be forgotten. */
  readonly byUndo: boolean;
}

export interface SubscriptionLanes {
  readonly id: string;
  /** Every lane in which it has been: what is written about deliveries stays where it was written. */
  readonly lanes: readonly number[];
}

/**
 * What one module holds about people beside identity itself: it knows how to tell and to erase it, so
 * that identity need not know the module. The list of all is composed in `start/`.
 */
export interface PersonalData {
  /** Names a part of an export, and a number in what an erasure tells: `custom_events`. */
  readonly name: string;
  /** Looks through rows of everybody: done once an erasure, and together for many. */
  readonly isThorough?: true;
  /** Everything that is held about a person, a record at a time; null where other parts tell it already. */
  readonly exportOf: ((person: Person) => AsyncIterable<object>) | null;
  /**
   * Erases what is held about people whose identity is gone, and tells for each how much that was. May be
   * called again after a crash, and is called again later for what was under way. Statements are bounded,
   * and name their lane.
   */
  erase(people: readonly DeletedPerson[]): Promise<readonly Erased[]>;
}

export interface Erased {
  /** Rows that were deleted, or freed of the person. */
  readonly rows: number;
  /** Something is in use just now: this part has to be called again. */
  readonly isUnfinished: boolean;
}
