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
  | 'slow'
  /** Refuses for now, and says how long: see `Abilities.waitMs`. */
  | 'busy'
  /** Answers with what is no answer of this protocol: see `Abilities.garbles`. */
  | 'garble'
  /** Takes it, and ends the connection in order: what it has not looked at, it says. See `Abilities.multiplexes`. */
  | 'leave'
  /** Cuts the connection with all the deliveries that it carries. See `Abilities.multiplexes`. */
  | 'crash';

/** What only some protocols can do. The promises about it are tested where a channel has it. */
export interface Abilities {
  /** How long `busy` asks to wait, in milliseconds. */
  readonly waitMs?: number;
  /** An answer may be garbled without the connection being lost. */
  readonly garbles?: boolean;
  /** A repeated hand-over is known by its key, and is taken once. */
  readonly deduplicates?: boolean;
  /** One connection carries many deliveries at a time. */
  readonly multiplexes?: boolean;
  /** A message can be too large for the provider: the rig makes one. */
  readonly bounds?: boolean;
}

/** A local provider that speaks the channel's protocol, and the channel that talks to it. */
export interface ConformanceRig<Content, Settings> {
  readonly channel: Channel<Content, Settings>;
  readonly account: ProviderAccount<Settings>;
  /** The same kind of account with the same settings, at a port where nobody listens. */
  readonly closedAccount: ProviderAccount<Settings>;
  /** An envelope whose recipient's side behaves so. `number` tells recipients apart. */
  envelope(number: number, conduct: Conduct): Envelope<Content>;
  /** One that is too large for the provider, where there is such a thing. */
  hugeEnvelope?(number: number): Envelope<Content>;
  /** The idempotency keys of what was accepted, in the order of arrival. */
  acceptedKeys(): Promise<readonly string[]>;
  /** The key that this delivery must have. */
  keyOf(envelope: Envelope<Content>): string;
  /** Connections to the provider that are open now. */
  openConnections(): Promise<number>;
  /** An envelope with as much in it as the protocol takes, which the other side accepts. */
  largestEnvelope?(number: number): Envelope<Content>;
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
  { waitMs, garbles = false, deduplicates = false, multiplexes = false, bounds = false }: Abilities = {},
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

    it('hands over as much as the protocol takes', async ({ skip }) => {
      const envelope = rig.largestEnvelope?.(number);
      if (envelope === undefined) return skip('the channel sets no limit');
      expect(await statesOf([envelope])).toEqual(['sent']);
      expect(await arrivals([envelope])).toEqual([rig.keyOf(envelope)]);
    });

    it('asks for another try when the connection is cut, and goes on with the others', async () => {
      const page = pageOf('accept', 'drop', 'accept', 'accept', 'drop', 'accept', 'accept', 'accept');
      const states = await statesOf(page);
      expect(states).toEqual(['sent', 'retry', 'sent', 'sent', 'retry', 'sent', 'sent', 'sent']);
    });

    it.skipIf(deduplicates)('repeats a hand-over whose answer was lost under the same key', async () => {
      const page = pageOf('lost');
      expect(await statesOf(page)).toEqual(['retry']);
      expect(await statesOf(page.map((each) => ({ ...each, attempt: 2 })))).toEqual(['retry']);
      expect(await arrivals(page)).toEqual([...page, ...page].map((each) => rig.keyOf(each)));
    });

    it.runIf(deduplicates)('hands over once, whatever becomes of the answer', async () => {
      const page = pageOf('lost');
      expect(await statesOf(page)).toEqual(['retry']);
      expect(await statesOf(page.map((each) => ({ ...each, attempt: 2 })))).toEqual(['sent']);
      expect(await arrivals(page)).toEqual(page.map((each) => rig.keyOf(each)));
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

    it.runIf(waitMs !== undefined)('waits as long as the provider asks', async () => {
      const [outcome] = await rig.channel.deliver(rig.account, pageOf('busy'));
      expect(outcome).toMatchObject({ state: 'retry', afterMs: waitMs });
    });

    it.runIf(garbles)('asks for another try when the answer is none', async () => {
      expect(await statesOf(pageOf('accept', 'garble', 'accept'))).toEqual(['sent', 'retry', 'sent']);
    });

    it.runIf(bounds)('hands over no message that is too large, and says how large it may be', async () => {
      const huge = rig.hugeEnvelope?.(number);
      const page = [...(huge === undefined ? [] : [huge]), rig.envelope(number + 1, 'accept')];
      const outcomes = await rig.channel.deliver(rig.account, page);
      expect(outcomes.map(({ state }) => state)).toEqual(['failed', 'sent']);
      expect(outcomes[0]).toHaveProperty('reason', expect.stringMatching(/\d+ bytes.* \d+/));
      expect(await arrivals(page)).toEqual(page.slice(1).map((each) => rig.keyOf(each)));
    });

    it.runIf(multiplexes)('sends over another connection what a leaving one has not looked at', async () => {
      const page = pageOf(...many(40, 'accept'), 'leave', ...many(300, 'accept'));
      expect(new Set(await statesOf(page))).toEqual(new Set(['sent']));
      expect((await arrivals(page)).toSorted()).toEqual(page.map((each) => rig.keyOf(each)).toSorted());
    });

    it.runIf(multiplexes)('loses nothing when a connection is cut with all that it carries', async () => {
      const page = pageOf(...many(40, 'accept'), 'crash', ...many(40, 'accept'));
      const states = await statesOf(page);
      expect(states[40]).toBe('retry');
      expect(states.filter((state) => state !== 'sent' && state !== 'retry')).toEqual([]);
      const again = page.filter((_, index) => states[index] === 'retry' && index !== 40);
      expect(new Set(await statesOf(again))).toEqual(new Set(again.map(() => 'sent')));
      const arrived = new Set(await arrivals(page));
      expect(arrived).toEqual(
        new Set(page.filter((_, index) => index !== 40).map((each) => rig.keyOf(each))),
      );
    });
  });
}
