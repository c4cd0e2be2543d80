import type { Identity, UserPlace } from '../../identity/index.ts';

/** What templates say now. Part of the templates module's front door. */
export interface CurrentContents {
  /** Template ids of an app to the ids of their contents, in one statement; unknown ones are absent. */
  contentIdsOf(appId: string, templateIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Who is in which segments. Part of the segments module's front door. */
export interface LiveMemberships {
  /** Of these segments of an app, those that each user is in, by user id, in one statement. */
  readMemberships(
    appId: string,
    users: readonly UserPlace[],
    segmentIds: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Up to `limit` users of a lane that are in a segment, in ascending order, behind `after`. */
  readMembers(
    place: { readonly appId: string; readonly lane: number; readonly segmentId: string },
    after: string | null,
    limit: number,
  ): Promise<readonly string[]>;
  /** Whether who is in these segments is known by now. */
  areReady(appId: string, segmentIds: readonly string[]): Promise<boolean>;
}

/** What an app says that journeys go by. */
export interface AppRules {
  /** IANA name. */
  readonly timeZone: string;
  readonly tagLimit: number;
}

/** Where facts come from: what journeys ask of the modules before them. */
export interface FactSources {
  readonly identity: Pick<Identity, 'subscriptionsOf' | 'userFacts'>;
  readonly contents: CurrentContents;
  readonly memberships: LiveMemberships;
  /** Kinds of delivery events by message id. */
  readonly messageActions: (
    messages: readonly { readonly lane: number; readonly id: string }[],
  ) => Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Of these webhooks of an app, those that exist. */
  readonly webhooksOf: (appId: string, ids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly rulesOf: (appId: string) => Promise<AppRules>;
}
