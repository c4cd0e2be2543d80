import type { MappedUser } from '../../model/map-user.ts';
import type { EventItem, MessageItem } from '../../model/outbox-item.ts';
import type { Place } from './window.ts';

/** Something to send. `lane` is the external id of the user it is about: one at a time goes out for each. */
export type Work = UserWork | RemovalWork | EventWork | MessageWork;

export interface UserWork {
  readonly kind: 'user';
  readonly lane: string;
  /** Several items of one user become one write. */
  readonly places: Place[];
  /** As the row says; what people have said to the target is added when its turn comes. */
  readonly user: MappedUser;
  /** A moment before the row was read, in milliseconds since the epoch. */
  readonly readAt: number;
  readonly again: boolean;
}

export interface RemovalWork {
  readonly kind: 'removal';
  readonly lane: string;
  readonly places: readonly Place[];
  readonly key: string;
  readonly digest: string;
}

export interface EventWork {
  readonly kind: 'event';
  readonly lane: string;
  readonly places: readonly Place[];
  readonly item: EventItem;
}

export interface MessageWork {
  readonly kind: 'message';
  readonly lane: string;
  readonly places: readonly Place[];
  readonly item: MessageItem;
}
