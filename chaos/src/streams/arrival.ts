/** One event that a webhook has brought, in the order in which they came. */
export interface Arrival {
  readonly stream: string;
  readonly eventId: string;
  readonly user: string;
  /** Which event of its user it is, counted from 0. */
  readonly n: number;
  readonly isSigned: boolean;
  /** 0 until everything is replayed, then 1. */
  readonly phase: number;
}
