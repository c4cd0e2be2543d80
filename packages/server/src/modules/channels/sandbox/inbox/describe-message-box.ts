import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../../platform/ids.ts';
import type { Arrival, MessageBox, MessageFilter } from './message-box.ts';

const AT = Date.parse('2026-11-01T12:00:00Z');
const KEEPS = 1_000;
const ALL: MessageFilter = {
  channel: null,
  recipient: null,
  messageId: null,
  before: null,
  after: null,
  limit: 100,
};

function arrival(more: Partial<Arrival> = {}): Arrival {
  return {
    channel: 'ios_push',
    providerId: newId(),
    messageId: null,
    reference: null,
    account: '',
    sender: 'example.shop',
    recipient: 'token',
    raw: Buffer.from('{}'),
    fate: 'delivered',
    at: AT,
    ...more,
  };
}

/** What every box of a sandbox keeps to. `open` gives an empty one. */
export function describeMessageBox(name: string, open: () => Promise<MessageBox>): void {
  describe(`the contract of a message box, kept by ${name}`, () => {
    let box: MessageBox;
    const keep = (...batch: Partial<Arrival>[]) => box.insert(batch.map(arrival), KEEPS);
    const recipients = async (filter: Partial<MessageFilter> = {}) =>
      (await box.list({ ...ALL, ...filter })).map(({ recipient }) => recipient);

    const newestId = async () => (await box.list({ ...ALL, limit: 1 }))[0]?.id ?? 0;

    beforeEach(async () => {
      box = await open();
    });

    it('lists what has arrived, newest first, and tells all that is known of it', async () => {
      const messageId = newId();
      const reference = { messageId, lane: 7, subscriptionId: newId() };
      await keep(
        { recipient: 'a' },
        { recipient: 'b', account: 'AC1', messageId, reference, channel: 'sms' },
      );
      const [newest, oldest] = await box.list(ALL);
      expect(newest).toMatchObject({
        channel: 'sms',
        message_id: messageId,
        lane: 7,
        subscription_id: reference.subscriptionId,
        account: 'AC1',
        sender: 'example.shop',
        recipient: 'b',
        fate: 'delivered',
        received_at: new Date(AT),
        uninstalled_at: null,
      });
      expect(oldest?.recipient).toBe('a');
      expect(newest!.id).toBeGreaterThan(oldest!.id);
      expect(await box.find(newest!.id)).toMatchObject({ recipient: 'b' });
      expect(await box.find(newest!.id + 1)).toBeNull();
    });

    it('lists what is asked for', async () => {
      const messageId = newId();
      await keep(
        { recipient: 'Ann@example.com', channel: 'email' },
        { recipient: 'ben@example.com', channel: 'email', messageId },
        { recipient: '+49151', channel: 'sms' },
      );
      expect(await recipients({ recipient: 'aNN@' })).toEqual(['Ann@example.com']);
      expect(await recipients({ channel: 'sms' })).toEqual(['+49151']);
      expect(await recipients({ messageId })).toEqual(['ben@example.com']);
      expect(await recipients({ limit: 1 })).toEqual(['+49151']);
      const [, middle] = await box.list(ALL);
      expect(await recipients({ before: middle!.id })).toEqual(['Ann@example.com']);
      expect(await recipients({ after: middle!.id })).toEqual(['+49151']);
    });

    it('gives back what was sent, to the byte', async () => {
      const raw = Buffer.from([0, 255, 10, 13]);
      await keep({ raw });
      const id = await newestId();
      expect(await box.raws([id, id + 1])).toEqual(new Map([[id, raw]]));
    });

    it('lets go of the oldest', async () => {
      await box.insert(
        ['a', 'b', 'c'].map((recipient) => arrival({ recipient })),
        2,
      );
      expect(await recipients()).toEqual(['c', 'b']);
    });

    it('knows which mails of ours are still to be reported', async () => {
      const messageId = newId();
      await keep(
        { channel: 'email', messageId, recipient: 'a' },
        { channel: 'email', recipient: 'not ours' },
        { channel: 'sms', messageId, recipient: 'no mail' },
        { channel: 'email', messageId, recipient: 'b' },
      );
      const waiting = await box.unreported(AT - 1, 10);
      expect(waiting.map(({ recipient }) => recipient)).toEqual(['a', 'b']);
      expect(await box.unreported(AT, 10)).toEqual([]);
      await box.markReported([waiting[0]!.id], AT);
      expect((await box.unreported(AT - 1, 10)).map(({ recipient }) => recipient)).toEqual(['b']);
    });

    it('remembers whose app is gone until it is emptied', async () => {
      await keep({ recipient: 'a' }, { recipient: 'b' });
      const id = await newestId();
      expect(await box.uninstalled()).toEqual([]);
      await box.markUninstalled(id, AT);
      await box.markUninstalled(id, AT + 1);
      expect(await box.uninstalled()).toMatchObject([{ channel: 'ios_push', recipient: 'b' }]);
      expect((await box.find(id))?.uninstalled_at).toEqual(new Date(AT));
      await box.clear();
      expect(await box.uninstalled()).toEqual([]);
      expect(await recipients()).toEqual([]);
    });

    it('counts how often each has arrived', async () => {
      const messageId = newId();
      await keep({ providerId: 'x', messageId }, { providerId: 'x', messageId }, { providerId: 'y' });
      expect(await box.arrivals(null)).toEqual(
        new Map([
          ['x', 2],
          ['y', 1],
        ]),
      );
      expect(await box.arrivals(messageId)).toEqual(new Map([['x', 2]]));
    });
  });
}
