import { ConfigInvalid } from './config-invalid.ts';
import type { Model } from './fields.ts';

/** The way back: what happened to messages becomes rows of a table of the source. */
export interface Back {
  readonly table: string;
  /** Kinds to keep, by their last word: 'sent', 'delivered', 'opened' ... All when absent. */
  readonly keep?: readonly string[];
  /**
   * Kind to a statement that takes an event into tables of one's own, in the transaction of the event's
   * row. Runs once for each event; one that fails is a reject and does not hold the others up.
   */
  readonly writes?: Readonly<Record<string, (event: ReturnedEvent) => Model<object>>>;
  /** Where `receive` listens for events that the target posts. */
  readonly receive?: Receive;
}

/** What happened to one message, as write-backs see it. */
export interface ReturnedEvent {
  readonly id: string;
  /** 'sent', 'delivered', 'opened', 'clicked', 'bounced', 'unsubscribed', 'failed' ... */
  readonly kind: string;
  readonly channel: string;
  readonly at: Date;
  readonly externalId: string | null;
  readonly subscriptionId: string | null;
  readonly messageId: string | null;
  readonly templateId: string | null;
  readonly campaign: Readonly<Record<string, unknown>> | null;
  /** The address, where the target tells it. */
  readonly address: string | null;
  readonly reason: string | null;
  readonly url: string | null;
}

/** A receiver of webhooks. Exactly one of `signedWith` and `secretHeader`. */
export interface Receive {
  /** 4180 when absent. */
  readonly port?: number;
  /** '127.0.0.1' when absent: a proxy with TLS stands before it. */
  readonly host?: string;
  /** '/events' when absent. */
  readonly path?: string;
  /** Secrets after Standard Webhooks, `whsec_...`; several while one takes the other's place. */
  readonly signedWith?: string | readonly string[];
  /** A header that only the target knows the value of. */
  readonly secretHeader?: { readonly name: string; readonly value: string };
  /** Longest body in bytes; 1 MiB when absent. */
  readonly maxBodyBytes?: number;
}

/** @throws ConfigInvalid naming the field, the rule and the fix. */
export function checkBack({ table, writes = {}, receive }: Back): void {
  if (typeof table !== 'string' || table === '') throw new ConfigInvalid('back.table', 'is missing');
  for (const [kind, write] of Object.entries(writes)) {
    if (typeof write !== 'function')
      throw new ConfigInvalid(`back.writes.${kind}`, 'is a function that gives sql`...`');
  }
  if (receive === undefined) return;
  const { signedWith, secretHeader } = receive;
  if ((signedWith === undefined) === (secretHeader === undefined)) {
    throw new ConfigInvalid(
      'back.receive',
      'names one of signedWith and secretHeader, so that nobody else can post',
    );
  }
  for (const secret of signedWith === undefined ? [] : [signedWith].flat()) {
    const isSecret = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(secret);
    if (!isSecret)
      throw new ConfigInvalid('back.receive.signedWith', 'is whsec_ and 24 bytes or more in base64');
  }
  if (secretHeader !== undefined && secretHeader.value.length < 16) {
    throw new ConfigInvalid('back.receive.secretHeader.value', 'has 16 characters or more');
  }
}
