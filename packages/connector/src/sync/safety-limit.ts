/** A pass would have done more harm than a slip may do. Nothing of it was queued. */
export class SafetyLimit extends Error {
  /** A few of the keys concerned. */
  readonly sample: readonly string[];

  constructor(detail: string, sample: readonly string[]) {
    super(`${detail} For instance: ${sample.join(', ')}.`);
    this.name = 'SafetyLimit';
    this.sample = sample;
  }
}

/** How many of the known users may be gone at once: a broken join must not erase an audience. */
export function mostGone(known: number): number {
  return Math.max(50, Math.floor(known / 100));
}
