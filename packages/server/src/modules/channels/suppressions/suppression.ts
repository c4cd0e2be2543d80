/** Why an address gets no email. */
export type SuppressionReason = 'bounce' | 'complaint' | 'manual';

/** An address that an app sends no email to. */
export interface Suppression {
  /** As `suppressedForm` has it. */
  readonly address: string;
  readonly reason: SuppressionReason;
  /** Who has found out: the provider, by a report, or somebody through the API. */
  readonly source: 'provider' | 'api';
  /** What the receiving side said. */
  readonly detail: string | null;
}

/** An address as the list knows it: nobody tells two people apart by the case of their letters. */
export function suppressedForm(address: string): string {
  return address.trim().toLowerCase();
}
