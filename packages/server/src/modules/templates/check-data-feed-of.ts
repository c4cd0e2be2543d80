import type { Content } from './content.ts';
import { refuseField } from './refuse-field.ts';

export type HasDataFeed = (appId: string, alias: string) => Promise<boolean>;

/** Refuses a content that names a data feed which its app does not have. */
export async function checkDataFeedOf(
  appId: string,
  content: Content,
  hasDataFeed: HasDataFeed,
): Promise<void> {
  if (content.channel !== 'email' || content.dataFeed === null) return;
  if (await hasDataFeed(appId, content.dataFeed)) return;
  refuseField('data_feed', 'must be the alias of a data feed of this app', content.dataFeed);
}
