import type { BeginReason, ReadingMode } from '../model/source.ts';
import type { LookCount } from '../home/look.ts';

/** What the connector tells while it works. No personal data. */
export type Report =
  | { readonly kind: 'reading'; readonly mode: ReadingMode; readonly why: string }
  | { readonly kind: 'begun'; readonly reason: BeginReason; readonly history: number }
  /** Everything was looked at; what differs is queued from here on. */
  | { readonly kind: 'looked'; readonly at: string; readonly count: LookCount }
  /** Everybody was compared, in the middle of following: so many changes had not been told. */
  | { readonly kind: 'reconciled'; readonly missed: number }
  | { readonly kind: 'pass'; readonly queued: number; readonly done: boolean }
  | { readonly kind: 'delivered'; readonly batch: BatchCount; readonly backlogBytes: number }
  /** The outbox is empty: everything that was known has been delivered. */
  | { readonly kind: 'caught-up' }
  | { readonly kind: 'returned'; readonly events: number }
  /** Listens for events that the target posts. */
  | { readonly kind: 'receiving'; readonly url: string }
  | { readonly kind: 'trouble'; readonly where: 'source' | 'target'; readonly detail: string };

export interface BatchCount {
  readonly users: number;
  readonly unchanged: number;
  /** Users that left the model and were dealt with. */
  readonly removed: number;
  readonly events: number;
  readonly messages: number;
  /** Messages that were taken and reach nobody. */
  readonly noRecipients: number;
  readonly rejected: number;
}

export type OnReport = (report: Report) => void;
