/** What is posted to an endpoint, whatever it speaks. `data` is for webhooks: null where there is none. */
export interface PostContent {
  readonly text: string | null;
  readonly title: string | null;
  readonly link: string | null;
  readonly data: unknown;
}

/** A post on its way. */
export interface Post {
  readonly id: string;
  /** The name of its endpoint. */
  readonly endpoint: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly content: PostContent;
}

/** What came of one try. */
export type PostOutcome =
  | { readonly state: 'sent' }
  /** Trying again would get the same answer. */
  | { readonly state: 'failed'; readonly reason: string }
  /** Not now. `afterMs` is how long the other side asked to wait, where it said so. */
  | { readonly state: 'retry'; readonly reason: string; readonly afterMs: number | null };
