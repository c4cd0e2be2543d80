/** What would be done is more than the configuration allows at once: nothing of it was done. */
export class SafetyLimit extends Error {
  /** What would raise the limit. */
  readonly field: string;
  /** A few of those whom it would have met. */
  readonly sample: readonly string[];

  constructor(field: string, sentence: string, sample: readonly string[] = []) {
    super(sample.length === 0 ? sentence : `${sentence} The first of them: ${sample.join(', ')}.`);
    this.name = 'SafetyLimit';
    this.field = field;
    this.sample = sample;
  }
}
