/** What waits between the source and the destination. */
export type OutboxItem = UserItem | RemovalItem | EventItem | MessageItem;

/** This user may have changed. What is true of it is read when its turn comes. */
export interface UserItem {
  readonly kind: 'user';
  /** Value of the model's key column, as text. */
  readonly key: string;
  /** Somebody asked for it to be sent once more, although it was acknowledged or refused. */
  readonly again?: true;
}

/** This user's row is gone. Whether it still is, and what is done about it, is seen when its turn comes. */
export interface RemovalItem {
  readonly kind: 'removal';
  readonly key: string;
}

/** A custom event, wholly mapped. */
export interface EventItem {
  readonly kind: 'event';
  /** Idempotency key: a fact of the row. */
  readonly id: string;
  readonly name: string;
  readonly externalId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly again?: true;
}

/** A message to one user, wholly mapped. */
export interface MessageItem {
  readonly kind: 'message';
  /** Idempotency key: a fact of the row. */
  readonly id: string;
  /** The trigger's name in the configuration. */
  readonly name: string;
  readonly externalId: string;
  readonly channel: 'push' | 'email' | 'sms';
  readonly template: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch after which it is no news any more; null for never. */
  readonly notAfter: number | null;
  readonly again?: true;
}
