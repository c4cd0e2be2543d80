/** Something that cannot be sent as it is, and why. Values are left out: they may be personal. */
export interface Reject {
  readonly what: 'user' | 'event' | 'message' | 'write-back';
  /** The user's key, or the idempotency key of an event or a message. */
  readonly key: string;
  readonly field: string;
  readonly rule: string;
}
