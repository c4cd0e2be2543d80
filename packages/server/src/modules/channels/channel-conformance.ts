import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel, Envelope, ProviderAccount } from './channel.ts';

/** What a recipient's side does with what it gets. */
export type Conduct =
  | 'accept'
  /** Refuses for ever, as the protocol says it. */
  | 'refuse'
  /** Refuses for now. */
  | 'defer'
  /** Cuts the connection in the middle of the delivery. */
  | 'drop'
  /** Takes it, then cuts the connection before it says so. */
  | 'lost'
  /** Answers after a while. */
  | 'slow';

/** A local provider that speaks the channel's protocol, and the channel that talks to it. */
export interface ConformanceRig<Content, Settings> {
  readonly channel: Channel<Content, Settings>;
  readonly account: ProviderAccount<Settings>;
  /** The same kind of account with the same settings, at a port where nobody listens. */
  readonly closedAccount: ProviderAccount<Settings>;
  /** An envelope whose recipient's side behaves so. `number` tells recipients apart. */
  envelope(number: number, conduct: Conduct): Envelope<Content>;
  /** The idempotency keys of what was accepted, in the order of arrival. */
  acceptedKeys(): Promise<readonly string[]>;
  /** The key that this delivery must have. */
  keyOf(envelope: Envelope<Content>): string;
  /** Connections to the provider that are open now. */
  openConnections(): Promise<number>;
  /** An envelope that is refused for now with a time to wait, where the protocol can say one. */
  throttled?(number: number): { readonly envelope: Envelope<Content>; readonly afterMs: number };
  /** An envelope with as much in it as the protocol takes, which the other side accepts. */
  huge?(number: number): Envelope<Content>;
  close(): Promise<void>;
}

const many = (length: number, conduct: Conduct) => Array.from({ length }, () => conduct);

/**
 * The promises of `Channel`, tested on a channel over its real protocol. Each channel calls this
 * from its own system test.
 */
export function describeChannel<Content, Settings>(
  name: string,
  openRig: () => Promise<ConformanceRig<Content, Settings>>,
): void {
  describe(`the contract of a channel, kept by ${name}`, () => {
    let rig: ConformanceRig<Content, Settings>;
    let number = 0;
    beforeAll(async () => {
      rig = await openRig();
    });
    afterAll(() => rig.close());
    beforeEach(() => {
      number += 1_000;
    });
    afterEach(async () => {
      await rig.channel.close();
      await expect.poll(() => rig.openConnections(), { timeout: 10_000 }).toBe(0);
    });

    const pageOf = (...conducts: Conduct[]) =>
      conducts.map((conduct, index) => rig.envelope(number + index, conduct));
    const statesOf = async (page: readonly Envelope<Content>[], account = rig.account) =>
      (await rig.channel.deliver(account, page)).map((outcome) => outcome.state);
    const arrivals = async (page: readonly Envelope<Content>[]) => {
      const keys = new Set(page.map((envelope) => rig.keyOf(envelope)));
      return (await rig.acceptedKeys()).filter((key) => keys.has(key));
    };

    it('answers an empty page with no outcomes', async () => {
      expect(await rig.channel.deliver(rig.account, [])).toEqual([]);
    });

    it('hands over a whole page, each envelope once', async () => {
      const page = pageOf(...many(200, 'accept'));
      expect(await statesOf(page)).toEqual(many(200, 'accept').map(() => 'sent'));
      expect((await arrivals(page)).toSorted()).toEqual(page.map((each) => rig.keyOf(each)).toSorted());
    });

    it('gives each envelope its own outcome, in the order of the page', async () => {
      const page = pageOf('accept', 'refuse', 'slow', 'defer', 'accept', 'refuse', 'accept');
      expect(await statesOf(page)).toEqual(['sent', 'failed', 'sent', 'retry', 'sent', 'failed', 'sent']);
    });

    it('says why a recipient was refused', async () => {
      const outcomes = await rig.channel.deliver(rig.account, pageOf('refuse', 'defer'));
      for (const outcome of outcomes) expect(outcome).toHaveProperty('reason', expect.stringMatching(/./));
    });

    it('passes on how long it is asked to wait', async ({ skip }) => {
      const throttled = rig.throttled?.(number);
      if (throttled === undefined) return skip('the protocol names no time to wait');
      const [outcome] = await rig.channel.deliver(rig.account, [throttled.envelope]);
      expect(outcome).toMatchObject({ state: 'retry', afterMs: throttled.afterMs });
    });

    it('hands over as much as the protocol takes', async ({ skip }) => {
      const envelope = rig.huge?.(number);
      if (envelope === undefined) return skip('the channel sets no limit');
      expect(await statesOf([envelope])).toEqual(['sent']);
      expect(await arrivals([envelope])).toEqual([rig.keyOf(envelope)]);
    });

    it('asks for another try when the connection is cut, and goes on with the others', async () => {
      const page = pageOf('accept', 'drop', 'accept', 'accept', 'drop', 'accept', 'accept', 'accept');
      const states = await statesOf(page);
      expect(states).toEqual(['sent', 'retry', 'sent', 'sent', 'retry', 'sent', 'sent', 'sent']);
    });

    it('repeats a hand-over whose answer was lost under the same key', async () => {
      const page = pageOf('lost');
      expect(await statesOf(page)).toEqual(['retry']);
      expect(await statesOf(page.map((each) => ({ ...each, attempt: 2 })))).toEqual(['retry']);
      expect(await arrivals(page)).toEqual([...page, ...page].map((each) => rig.keyOf(each)));
    });

    it('names the key by the message and the subscription alone', () => {
      const [one, other] = pageOf('accept', 'accept') as [Envelope<Content>, Envelope<Content>];
      expect(rig.keyOf({ ...one, attempt: 5, content: other.content })).toBe(rig.keyOf(one));
      expect(rig.keyOf(other)).not.toBe(rig.keyOf(one));
      expect(rig.keyOf({ ...one, messageId: other.recipient.subscriptionId })).not.toBe(rig.keyOf(one));
    });

    it('asks for another try for the whole page when nobody listens', async () => {
      const states = await statesOf(pageOf(...many(100, 'accept')), rig.closedAccount);
      expect(new Set(states)).toEqual(new Set(['retry']));
      expect(states).toHaveLength(100);
    });

    it('delivers several pages at the same time', async () => {
      const pages = [many(30, 'accept'), many(30, 'accept'), many(30, 'accept')];
      const all = pages.map((page, index) =>
        page.map((conduct, at) => rig.envelope(number + index * 100 + at, conduct)),
      );
      const states = await Promise.all(all.map((page) => statesOf(page)));
      expect(states.flat()).toEqual(Array.from({ length: 90 }, () => 'sent'));
    });

    it('opens new connections after it was closed', async () => {
      expect(await statesOf(pageOf('accept'))).toEqual(['sent']);
      await rig.channel.close();
      number += 10;
      expect(await statesOf(pageOf('accept'))).toEqual(['sent']);
    });
  });
}
