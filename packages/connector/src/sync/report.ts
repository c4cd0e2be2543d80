import type { BeginReason } from '../model/source.ts';

/** What the connector tells while it works. No personal data. */
export type Report =
  | { readonly kind: 'reading'; readonly mode: 'cdc' | 'cursor'; readonly why: string }
  | { readonly kind: 'begun'; readonly reason: BeginReason; readonly history: number }
  | { readonly kind: 'pass'; readonly queued: number; readonly done: boolean }
  | { readonly kind: 'delivered'; readonly batch: BatchCount; readonly backlogBytes: number }
  /** The outbox is empty: everything that was known has been delivered. */
  | { readonly kind: 'caught-up' }
  | { readonly kind: 'returned'; readonly events: number }
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
