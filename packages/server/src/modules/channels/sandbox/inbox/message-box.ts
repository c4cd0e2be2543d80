import type { DeliveryReference } from '../../delivery-reference.ts';

/** The ways that end in the sandbox. */
export const SANDBOX_CHANNELS = [
  'email',
  'sms',
  'ios_push',
  'android_push',
  'huawei_push',
  'amazon_push',
  'web_push',
] as const;

export type SandboxChannel = (typeof SANDBOX_CHANNELS)[number];

/** What the sender is told of a message later, where its protocol tells it. */
export type Fate = 'delivered' | 'bounced' | 'undelivered' | 'soft_bounced' | 'complained';

/** A message as a receiver has taken it in. */
export interface Arrival {
  readonly channel: SandboxChannel;
  /** The name that it goes by: a Message-ID, or what the receiver has called it. */
  readonly providerId: string;
  /** The message's id, null for what we did not send. */
  readonly messageId: string | null;
  /** The delivery that it is, null where that is not known. */
  readonly reference: DeliveryReference | null;
  /** Through whose account at the receiver it came, or which provider's API a mail did; empty where there is none. */
  readonly account: string;
  readonly sender: string;
  /** An address, a number, a device's token, or a browser's endpoint. */
  readonly recipient: string;
  /** As its reader takes it: a mail as it was sent, JSON of the other kinds. */
  readonly raw: Buffer;
  readonly fate: Fate;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A message as it is listed. */
export interface KeptMessage {
  /** Higher than those of all that came before. */
  readonly id: number;
  readonly channel: SandboxChannel;
  readonly provider_id: string;
  readonly message_id: string | null;
  readonly lane: number | null;
  readonly subscription_id: string | null;
  readonly account: string;
  readonly sender: string;
  readonly recipient: string;
  readonly fate: Fate;
  readonly received_at: Date;
  readonly uninstalled_at: Date | null;
}

export interface MessageFilter {
  readonly channel: SandboxChannel | null;
  /** Part of the recipient's address, in any case. */
  readonly recipient: string | null;
  readonly messageId: string | null;
  /** Only messages before this one: the cursor. */
  readonly before: number | null;
  /** Only messages after this one. */
  readonly after: number | null;
  readonly limit: number;
}

/** A device or browser that has given the app up. */
export interface Uninstalled {
  readonly channel: SandboxChannel;
  readonly recipient: string;
}

/** What has arrived in a sandbox. `describeMessageBox` tests what every one of them keeps to. */
export interface MessageBox {
  /** Keeps a batch, and lets go of all but the newest `keeps` messages. */
  insert(batch: readonly Arrival[], keeps: number): Promise<void>;
  /** Newest first. */
  list(filter: MessageFilter): Promise<KeptMessage[]>;
  find(id: number): Promise<KeptMessage | null>;
  /** The messages as they were sent, by id. */
  raws(ids: readonly number[]): Promise<ReadonlyMap<number, Buffer>>;
  /** Mails of ours, received after `since`, whose fate has not been told yet; the oldest first. */
  unreported(since: number, limit: number): Promise<KeptMessage[]>;
  markReported(ids: readonly number[], now: number): Promise<void>;
  /** The app is gone from the device that a message was for, until the message is let go. */
  markUninstalled(id: number, now: number): Promise<void>;
  uninstalled(): Promise<Uninstalled[]>;
  /** How often each message has arrived, by what it goes by; of one message or of all. */
  arrivals(messageId: string | null): Promise<ReadonlyMap<string, number>>;
  clear(): Promise<void>;
}

/** The delivery that a kept message is, or null when it is not one of ours. */
export function referenceOf({ message_id, lane, subscription_id }: KeptMessage): DeliveryReference | null {
  if (message_id === null || lane === null || subscription_id === null) return null;
  return { messageId: message_id, lane, subscriptionId: subscription_id };
}
