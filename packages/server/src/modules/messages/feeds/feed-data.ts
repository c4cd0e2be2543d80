import { Slots } from '../../../platform/slots.ts';
import type { Outbound } from '../../../platform/outbound/index.ts';
import { askDataFeed } from '../../data-feeds/index.ts';
import type { DataFeed, DataFeedAnswer, DataFeeds } from '../../data-feeds/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Capacity } from '../send/turns.ts';
import type { Renderer, RenderJob } from '../rendering/index.ts';

export interface FeedDataOptions {
  readonly feeds: Pick<DataFeeds, 'find'>;
  readonly renderer: Pick<Renderer, 'render'>;
  readonly outbound: Pick<Outbound, 'request'>;
}

/** What filling in a feed's texts may look at, as for the message itself. */
export type FeedFacts = Pick<RenderJob, 'shared' | 'unsubscribeToken' | 'subscriptionsOf'>;

export type FeedDataAnswer =
  | {
      readonly ok: true;
      /** The JSON text of `{"<alias>": …}`. */
      readonly data: string;
    }
  | Extract<DataFeedAnswer, { readonly ok: false }>;

/** Recipients at a time that one process asks one feed about, and holds answers for. */
const AT_A_TIME = 32;
/** Feeds in use at the same time are far fewer. */
const MOST_FEEDS = 1_000;

/** Asks an app's data feeds about recipients. */
export class FeedData {
  readonly #options: FeedDataOptions;
  readonly #slots = new Map<string, Slots>();

  constructor(options: FeedDataOptions) {
    this.#options = options;
  }

  /**
   * What one feed can use at a time: pages so small that a feed which does not answer holds nobody in doubt
   * for long, neither after a crash nor when the process is to end.
   */
  capacity(appId: string, alias: string): Capacity {
    return { account: `data feed ${appId} ${alias}`, recipients: 2 * AT_A_TIME };
  }

  /** Does `work`, which asks a feed and uses the answer, when fewer than 32 do so for the same feed. */
  inTurn<Result>(appId: string, alias: string, work: () => Promise<Result>): Promise<Result> {
    const key = `${appId} ${alias}`;
    const slots = this.#slots.get(key) ?? new Slots(AT_A_TIME);
    if (this.#slots.size >= MOST_FEEDS) this.#slots.clear();
    this.#slots.set(key, slots);
    return slots.run(work);
  }

  /** What the feed of this alias says of one recipient. Never rejects for what the feed does. */
  async of(appId: string, alias: string, recipient: Recipient, facts: FeedFacts): Promise<FeedDataAnswer> {
    const feed = await this.#options.feeds.find(appId, alias);
    if (feed === null) return failed(`this app has no data feed with the alias ${alias}`);
    const [texts] = await this.#options.renderer.render({
      ...facts,
      key: `data feed ${feed.id} ${feed.updatedAt.getTime()}`,
      content: { channel: 'texts', texts: textsOf(feed), dynamicContent: null },
      recipients: [recipient],
    });
    if (texts?.ok !== true) return failed(`the data feed failed: ${texts?.reason ?? 'no text'}`);
    const answer = await askDataFeed(this.#options.outbound, requestOf(feed, texts.texts));
    return answer.ok ? { ok: true, data: `{${JSON.stringify(alias)}:${answer.json}}` } : answer;
  }
}

function failed(reason: string): Extract<DataFeedAnswer, { readonly ok: false }> {
  return { ok: false, reason, mayPass: false, afterMs: null };
}

/** Only those that have Liquid in them leave this process: a credential that is written out does not. */
function textsOf({ url, body, headers }: DataFeed): Readonly<Record<string, string>> {
  return {
    url,
    ...(body !== null && { body }),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [`header ${name}`, value])),
  };
}

function requestOf({ method, headers }: DataFeed, texts: Readonly<Record<string, string>>) {
  return {
    method,
    url: (texts['url'] ?? '').trim(),
    headers: Object.fromEntries(Object.keys(headers).map((name) => [name, texts[`header ${name}`] ?? ''])),
    body: texts['body'] ?? null,
  };
}
