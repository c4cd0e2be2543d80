import type { Segments } from '../../sms/segments.ts';

/** A text message as it came off the wire. */
export interface ArrivedSms {
  /** Who has sent it: the account SID, or the `system_id` of SMPP. */
  readonly account: string;
  /** A number with its plus, a short code, a name, or a messaging service. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly mediaUrls: readonly string[];
  readonly segments: Segments;
  /** The name that the receiver has given it: a SID, or the `message_id` of SMPP. */
  readonly ref: string;
  /**
   * What names the delivery, the same for each hand-over: Twilio's StatusCallback, or the four hexadecimal digits
   * of SMPP's `user_message_reference`. Null when there is none.
   */
  readonly deliveryKey: string | null;
  /** What is reported later. */
  readonly fate: 'delivered' | 'undelivered';
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Takes a message in. The sender is told that it was taken when this resolves, and "not now" when it rejects. */
export type TakeSms = (sms: ArrivedSms) => Promise<void>;
