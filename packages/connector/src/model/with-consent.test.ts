import type { FeedEvent } from '@carillon/wire';
import { describe, expect, it } from 'vitest';
import type { UsersModel } from '../config/config.ts';
import { email, sms, sql } from '../config/fields.ts';
import type { Row } from '../config/fields.ts';
import { afterFact } from './consent.ts';
import { readConsent, toldEntry } from './known-consent.ts';
import { mapUser } from './map-user.ts';
import { toldConsent } from './told-consents.ts';
import { withConsent } from './with-consent.ts';

const enabled = (row: Row) => row['opted_in'] === true;
const model: UsersModel<Row> = {
  model: sql`SELECT * FROM customers`,
  key: 'id',
  dirtyWhen: {},
  subscriptions: [email('email', { enabled, consentAt: 'opted_in_at' })],
};

const EVENT: FeedEvent = {
  id: '6f1f5a52-5a8e-4d0b-9f3c-1c2f6a7d8e90',
  kind: 'message.email.unsubscribed',
  at: '2026-11-02T00:00:00.000Z',
  message_id: null,
  message_name: null,
  template_id: null,
  subscription_id: null,
  onesignal_id: null,
  external_id: '7',
  channel: 'email',
  address: 'Ann@Example.com',
  reason: 'unsubscribe link',
  url: null,
};

/** The home's part: digests to values. */
function homeThatHeard(...events: FeedEvent[]): Map<string, string> {
  const home = new Map<string, string>();
  for (const event of events) {
    const told = toldConsent(event);
    for (const place of told?.places ?? []) {
      const known = afterFact(
        readConsent('t', [place], (digest) => home.get(digest) ?? null),
        told!.fact,
      );
      home.set(...toldEntry('t', place, known.told!));
    }
  }
  return home;
}

function look(home: Map<string, string>, row: Row, of = model, readAt = Date.parse('2026-11-03')) {
  const get = (digest: string) => home.get(digest) ?? null;
  const { user, notes } = withConsent(of, 't', mapUser(of, { id: 7, ...row }).user!, get, readAt);
  for (const [digest, value] of notes) home.set(digest, value);
  return user.subscriptions.map((subscription) => subscription.enabled);
}

const ANN = { email: 'ann@example.com', opted_in: true };

describe('users with what the messaging layer has heard', () => {
  it('are off after they have unsubscribed, until the row has a newer yes', () => {
    const home = homeThatHeard(EVENT);
    expect(look(home, { ...ANN, opted_in_at: new Date('2026-11-01') })).toEqual([false]);
    expect(look(home, { ...ANN, opted_in_at: new Date('2026-11-02T00:00:01Z') })).toEqual([true]);
  });

  it('stay off under a new address, because it is the person who said no', () => {
    const home = homeThatHeard(EVENT);
    expect(look(home, { ...ANN, email: 'other@example.com' })).toEqual([false]);
  });

  it('are on under a new address when only the old one took no mail', () => {
    const home = homeThatHeard({ ...EVENT, kind: 'message.email.bounced', reason: 'no such user' });
    expect(look(home, ANN)).toEqual([false]);
    expect(look(home, { ...ANN, email: 'other@example.com' })).toEqual([true]);
  });

  it('have a word for each address where the model gives several', () => {
    const two = { ...model, subscriptions: [email('email', { enabled }), email('work', { enabled })] };
    const home = homeThatHeard(EVENT);
    expect(look(home, { ...ANN, work: 'ann@work.example' }, two)).toEqual([false, true]);
  });

  it('are judged by channel', () => {
    const both = { ...model, subscriptions: [email('email', { enabled }), sms('phone', { enabled })] };
    const home = homeThatHeard({
      ...EVENT,
      kind: 'message.sms.inbound',
      channel: 'sms',
      address: '+4915112345678',
      inbound: {
        from: '',
        to: '',
        text: 'Stop',
        media_urls: [],
        part: null,
        keyword: 'stop',
        scope: 'app',
        answered: true,
      },
    });
    expect(look(home, { ...ANN, phone: '+4915112345678' }, both)).toEqual([true, false]);
  });

  it('come back without a date when the row was seen to say no after it, and says yes now', () => {
    const home = homeThatHeard(EVENT);
    expect(look(home, { ...ANN, opted_in: false }, model, Date.parse('2026-11-01'))).toEqual([false]);
    expect(look(home, ANN)).toEqual([false]);
    expect(look(home, { ...ANN, opted_in: false }, model, Date.parse('2026-11-04'))).toEqual([false]);
    expect(look(home, ANN)).toEqual([true]);
  });

  it('are not taken to have said no because a message passed them over', () => {
    expect(toldConsent({ ...EVENT, passed_over: true, reason: 'in other words' })).toBeNull();
    expect(toldConsent({ ...EVENT, passed_over: false, reason: 'the subscription is off' })).not.toBeNull();
    // A server of before.
    expect(toldConsent({ ...EVENT, reason: 'the subscription is off' })).toBeNull();
    expect(toldConsent({ ...EVENT, kind: 'message.push.unsubscribed', channel: 'push' })).toBeNull();
    expect(toldConsent({ ...EVENT, kind: 'message.email.opened' })).toBeNull();
  });

  it('keep the time of the word that counts, so that the server can weigh it as well', () => {
    const home = homeThatHeard(EVENT);
    const get = (digest: string) => home.get(digest) ?? null;
    const { user } = mapUser(model, { id: 7, ...ANN, opted_in_at: new Date('2026-11-01') });
    expect(withConsent(model, 't', user!, get, 0).user.subscriptions).toEqual([
      { type: 'Email', token: 'ann@example.com', enabled: false, consentAt: Date.parse(EVENT.at) },
    ]);
  });
});
