/** What a push service answers instead of 201. The message says what to change. */
export class PushRefusal extends Error {
  override readonly name = 'PushRefusal';
  readonly status: number;
  /** Seconds. */
  readonly retryAfter: number | null;

  constructor(status: number, message: string, retryAfter: number | null = null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}
