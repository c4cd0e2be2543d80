import type { LiveActivity, PlatformFlags, PushFields } from '@carillon/wire';
import type { DynamicContent } from '../dynamic-content.ts';

/** Those that say something: no nulls, no empty texts, lists and maps. */
type Said<Fields> = { readonly [Name in keyof Fields]?: NonNullable<Fields[Name]> };

/** What a push message says, before it is filled in for one person. */
export interface PushContent {
  readonly channel: 'push';
  /** As requests name them: a platform's own names are what its channel hands on. */
  readonly fields: Said<PushFields>;
  /** The platforms that were named; a true one leaves out those that are not. */
  readonly platforms: Said<PlatformFlags>;
  readonly dynamicContent: DynamicContent | null;
  /** It starts, changes or ends this instead of showing a notification. */
  readonly liveActivity?: LiveActivity;
}

export const EMPTY_PUSH: PushContent = { channel: 'push', fields: {}, platforms: {}, dynamicContent: null };
