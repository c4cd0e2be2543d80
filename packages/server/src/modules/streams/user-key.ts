import type { FeedEvent } from '@carillon/wire';

/** Events of one key keep their order. What is of nobody that is known has a key of its own. */
export function userKeyOf({ id, onesignal_id: user, subscription_id: subscription }: FeedEvent): string {
  return user ?? subscription ?? id;
}
