/** What would be done is more than the configuration allows at once: nothing of it was done. */
export class SafetyLimit extends Error {
  /** What would raise the limit. */
  readonly field: string;
  /** Keys of a few of those whom it would have met: not in the message, which goes into logs. */
  readonly sample: readonly string[];

  constructor(field: string, sentence: string, sample: readonly string[] = []) {
    super(sentence);
    this.name = 'SafetyLimit';
    this.field = field;
    this.sample = sample;
  }
}
