/** One request of a webhook, in the order in which they came. */
export interface Arrival {
  /** The same from try to try. */
  readonly callId: string;
  readonly runId: string;
  readonly nodeId: string;
  /** By the machine's clock, in milliseconds since the epoch. */
  readonly at: number;
  readonly isSigned: boolean;
  /** Whether it is answered that it was taken: the answer may still be lost with the receiver. */
  readonly isTaken: boolean;
}
