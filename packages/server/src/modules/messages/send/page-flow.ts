import { Coalescer } from '../../../platform/database/coalescer.ts';
import { retryTransient, retryWhileAway } from '../../../platform/database/retry.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Partitions } from '../../../platform/database/partitions.ts';
import type { Logger } from '../../../platform/log.ts';
import { timeOfId } from '../../../platform/ids.ts';
import { AudienceReader } from '../../audience/index.ts';
import type { AudiencePart, AudienceSources } from '../../audience/index.ts';
import type { AudiencePage, Identity, Recipient } from '../../identity/index.ts';
import { audienceSources } from '../audience-sources.ts';
import type { Chunk, Priority } from '../chunk.ts';
import type { Message } from '../message.ts';
import type { PlanPage } from '../timing/plan-page.ts';
import { openPages } from '../chunk-store.ts';
import type { OpenedPage, PageToOpen } from '../chunk-store.ts';
import { closePages } from '../ledger-store.ts';
import type { ClosedPage, FinishedPage } from '../ledger-store.ts';
import { handOver, withhold, withholdCancelled, withholdDoubted } from './hand-over.ts';
import type { HandedOver, MovedAddress, UnreachableAddress } from './hand-over.ts';
import type { Deliverer, Towards } from './deliverer.ts';
import type { Page } from './page.ts';
import { ANYONE } from './provider.ts';
import type { Provider } from './provider.ts';
import { ANY_STRIDE } from './strides.ts';
import type { Strides } from './strides.ts';
import { Turns } from './turns.ts';
import type { Turn } from './turns.ts';

const IN_FLIGHT = 2;

/** Nobody waits for a page to be closed, and single messages at a thousand a second make twenty a statement so. */
const CLOSE_REST_MS = 20;

export interface PageFlowOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly partitions: Partitions;
  readonly identity: Pick<Identity, 'recipients' | 'audience' | 'markUnreachable' | 'replaceTokens'>;
  /** How much is done at once. */
  readonly strides: Strides;
  readonly deliver: Deliverer['deliver'];
  readonly plan: PlanPage;
  /** Through whom messages go; without limits when absent. */
  readonly provider?: Deliverer['provider'];
  readonly leaseMs: number;
  readonly log?: Logger;
  /** What saved segments mean; without it there are none. */
  readonly segments?: AudienceSources['segments'];
  /** Subscriptions that one statement looks at for an audience, at most; 5,000 when absent. */
  readonly lookedAt?: number;
  /** Called after a page has been closed: the feed has grown. */
  readonly onClosed: () => void;
}

/** A page that is to go. */
export interface PageInTurn {
  readonly provider: Provider;
  readonly priority: Priority;
  /** Of the page, at most. */
  readonly recipients: number;
}

/**
 * The way of a page: open (ids in doubt), read the recipients, hand over, close. Each step gathers
 * the pages of all sends under way into shared statements, so that a thousand single sends cost as
 * few statements as one broadcast.
 */
export class PageFlow {
  readonly #options: PageFlowOptions;
  readonly #open: Coalescer<PageToOpen, OpenedPage>;
  readonly #audience: Coalescer<AudiencePage & { readonly limit: number }, Recipient[]>;
  readonly #selected: AudienceReader;
  readonly #read: Coalescer<Page, readonly Recipient[]>;
  readonly #close: Coalescer<FinishedPage, ClosedPage>;
  readonly #turns = new Turns();

  constructor(options: PageFlowOptions) {
    const { database, identity, partitions, strides, leaseMs } = options;
    this.#options = options;
    this.#selected = new AudienceReader(
      database,
      options.clock,
      audienceSources(options.segments),
      options.lookedAt,
    );
    const shared = { inFlight: IN_FLIGHT, largest: () => strides.now.rows };
    this.#open = new Coalescer({
      ...shared,
      weight: (page) => page.ids.length,
      flush: (pages) => retryTransient(() => openPages(database, pages, leaseMs)),
    });
    this.#audience = new Coalescer({
      ...shared,
      weight: ({ limit }) => limit,
      flush: async (pages) => {
        const found = await identity.audience(pages, Math.max(...pages.map(({ limit }) => limit)));
        return pages.map(({ limit }, index) => found[index]?.slice(0, limit) ?? []);
      },
    });
    this.#read = new Coalescer({
      ...shared,
      weight: (page) => page.ids.length,
      flush: (pages) => this.#recipients(pages),
    });
    this.#close = new Coalescer({
      ...shared,
      weight: (page) => page.deliveries.length + page.retries.length,
      restMs: CLOSE_REST_MS,
      flush: async (pages) => {
        await partitions.ready(options.clock.now());
        // Not closed, all of it would be handed over again.
        const closed = await retryWhileAway(() => closePages(database, pages));
        options.onClosed();
        return closed;
      },
    });
  }

  get strides(): Strides {
    return this.#options.strides;
  }

  /** Recipients of the largest page. */
  get pageSize(): number {
    return this.strides.longest.page;
  }

  /** Through whom this goes now, and how large its pages are: two are on their way at least. */
  async providerOf(towards: Towards): Promise<Provider & { readonly pageSize: number }> {
    const provider = (await this.#options.provider?.(towards)) ?? ANYONE;
    return {
      ...provider,
      pageSize: Math.max(1, Math.min(this.pageSize, Math.ceil(provider.recipients / 2))),
    };
  }

  /**
   * Does `work` on a page of so many recipients when its provider has room for it and, if it is of a broadcast, no
   * single message goes first: on `most` of them when the page is to try a provider that was down, or to be short.
   * `left`: the provider is down, and nothing was done.
   */
  async inTurn<Result>(
    { provider, priority, recipients }: PageInTurn,
    work: (turn: Turn, most: number) => Promise<Result>,
  ): Promise<Result | 'left'> {
    const turn = await this.#turns.take(provider, recipients);
    const stride = priority === 'broadcast' ? await this.strides.begin(recipients) : ANY_STRIDE;
    const admission = provider.gate.admit(this.#options.clock.now());
    try {
      return admission === null ? 'left' : await work(turn, Math.min(admission.most, stride.most));
    } finally {
      admission?.end();
      stride.end();
      turn.leave();
    }
  }

  /** The next page of a chunk that goes to an audience, or to everyone where the message has none. */
  async nextAudience(
    { audience }: Message,
    { lane, appId, channel }: Chunk,
    after: string | null,
    limit: number,
  ): Promise<AudiencePart> {
    const page = { lane, appId, channel, after };
    if (audience !== null) return this.#selected.page(audience, page, limit);
    const recipients = await this.#audience.submit({ ...page, limit });
    return {
      recipients,
      cursor: recipients.at(-1)?.subscriptionId ?? after,
      last: recipients.length < limit,
    };
  }

  /** Opens a page and sends it. */
  async send(page: Page): Promise<ClosedPage> {
    const { messageId, lane, epoch } = page.chunk;
    const opened = await this.#open.submit({ messageId, lane, epoch, ids: page.ids });
    if (opened === 'lost') return 'lost';
    const cancelled = opened === 'cancelled';
    if (page.inDoubt && (cancelled || page.message.atMostOnce)) {
      const found = await this.#found(page);
      // Cancelled or not: it may have arrived, but for those who are held out.
      const withheld = cancelled
        ? withholdCancelled(page, found)
        : await withholdDoubted(page, found, this.#options);
      return this.#finish(page, withheld);
    }
    if (cancelled) return this.#finish(page, withhold(page, 'cancelled', 'the message was cancelled'));
    return this.sendOpened(page);
  }

  /** Sends a page that was opened when its message was accepted. */
  async sendOpened(page: Page): Promise<ClosedPage> {
    const { deliver, plan, clock } = this.#options;
    const options = { deliver, plan, now: () => clock.now() };
    return this.#finish(page, await handOver(page, await this.#found(page), options));
  }

  async #found(page: Page): Promise<readonly Recipient[]> {
    return page.recipients ?? (page.ids.length === 0 ? [] : this.#read.submit(page));
  }

  async #finish(
    page: Page,
    { deliveries, retries, unreachable = [], moved = [] }: HandedOver,
  ): Promise<ClosedPage> {
    const { partitions, clock } = this.#options;
    if (unreachable.length > 0) await this.#mark(page, unreachable);
    if (moved.length > 0) await this.#move(page, moved);
    const { messageId, lane, epoch } = page.chunk;
    const day = timeOfId(messageId);
    if (!partitions.has(day)) await partitions.need(day);
    const { cursor, exhausted, tried } = page;
    return this.#close.submit({
      messageId,
      lane,
      epoch,
      cursor,
      exhausted,
      tried,
      deliveries,
      retries,
      at: clock.now(),
    });
  }

  /** Before the page is closed: whoever reads that a delivery failed finds the address marked. */
  async #mark({ chunk }: Page, unreachable: readonly UnreachableAddress[]): Promise<void> {
    const { identity, log } = this.#options;
    await identity.markUnreachable(chunk.appId, unreachable).catch((error: unknown) => {
      // The next message finds them out again.
      log?.warn({ error }, 'unreachable addresses were not marked');
    });
  }

  async #move({ chunk }: Page, moved: readonly MovedAddress[]): Promise<void> {
    const { identity, log } = this.#options;
    await identity.replaceTokens(chunk.appId, moved).catch((error: unknown) => {
      // The provider says so again with the next message.
      log?.warn({ error }, 'new addresses of devices were not kept');
    });
  }

  async #recipients(pages: readonly Page[]): Promise<(readonly Recipient[])[]> {
    const found = await this.#options.identity.recipients(
      pages.map(({ chunk, ids }) => ({ lane: chunk.lane, appId: chunk.appId, ids })),
    );
    // Two pages may hold the same subscription: of two messages.
    const byId = new Map(found.map((recipient) => [recipient.subscriptionId, recipient]));
    return pages.map(({ ids }) => ids.flatMap((id) => byId.get(id) ?? []));
  }
}
