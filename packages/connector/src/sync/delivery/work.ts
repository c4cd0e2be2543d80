import type { MappedUser } from '../../model/map-user.ts';
import type { EventItem, MessageItem } from '../../model/outbox-item.ts';
import type { Place } from './window.ts';

/** Something to send. `lane` is the external id of the user it is about: one at a time goes out for each. */
export type Work = UserWork | RemovalWork | EventWork | MessageWork;

export interface UserWork {
  readonly kind: 'user';
  readonly lane: string;
  /** Several items of one user become one write. */
  readonly places: readonly Place[];
  readonly user: MappedUser;
  /** Under which name its hash is kept, and the hash. */
  readonly digest: string;
  readonly hash: string;
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
