import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UsersModel } from '../config/config.ts';
import { email, sms, sql, tag } from '../config/fields.ts';
import type { Row } from '../config/fields.ts';
import { diffUser, userHash } from './diff-user.ts';
import { mapUser } from './map-user.ts';

const model: UsersModel<Row> = {
  model: sql`SELECT * FROM customers`,
  key: 'id',
  dirtyWhen: {},
  language: 'language',
  country: 'country',
  tags: {
    plan: tag('plan'),
    spent: tag('spent', { round: 2 }),
    vip: tag('vip'),
    since: tag('since'),
    initial: tag((row: Row) => String(row['name']).slice(0, 1)),
  },
  subscriptions: [email('email', { enabled: (row: Row) => row['opted_in'] === true })],
};

const row: Row = {
  id: '9007199254740993',
  name: 'Ada',
  plan: 'pro',
  spent: '12.3456',
  vip: true,
  since: new Date('2026-01-02T03:04:05Z'),
  language: 'EN',
  country: 'de',
  email: ' ada@example.com ',
  opted_in: false,
};

describe('a row as a user', () => {
  it('has its key as external id, tags as text and one address', () => {
    expect(mapUser(model, row)).toEqual({
      rejects: [],
      user: {
        key: '9007199254740993',
        externalId: '9007199254740993',
        aliases: {},
        properties: {
          tags: { plan: 'pro', spent: '12.35', vip: 'true', since: '1767323045', initial: 'A' },
          language: 'en',
          country: 'DE',
        },
        subscriptions: [{ type: 'Email', token: 'ada@example.com', enabled: false, consentAt: null }],
        replaces: [],
      },
    });
  });

  it('removes the tags whose columns are null, and leaves out absent properties', () => {
    const { user } = mapUser(model, { id: 1, name: 'x', plan: null, language: null, email: null });
    expect(user?.properties).toEqual({ tags: { plan: '', spent: '', vip: '', since: '', initial: 'x' } });
    expect(user?.subscriptions).toEqual([]);
  });

  it('rejects an address that is none, and sends the rest', () => {
    const { user, rejects } = mapUser(model, { ...row, email: 'n/a', plan: { nested: true } });
    expect(rejects.map(({ field }) => field)).toEqual(['tags.plan', 'email']);
    expect(user?.properties.tags['spent']).toBe('12.35');
    expect(JSON.stringify(rejects)).not.toContain('n/a');
  });

  it('cannot be without an external id', () => {
    expect(mapUser({ ...model, externalId: () => '' }, row)).toMatchObject({
      user: null,
      rejects: [{ field: 'externalId' }],
    });
  });
});

function mapped(changes: Partial<UsersModel<Row>>, row: Row) {
  return mapUser({ model: sql`SELECT 1`, key: 'id', dirtyWhen: {}, ...changes }, { id: 7, ...row });
}

const replaces = (value: unknown) => mapped({ replaces: 'merged' }, { merged: value }).user?.replaces;

describe('the fields of a user', () => {
  it('are aliases by column or from the row: large numbers as text, null left alone', () => {
    const aliases = { crm_id: 'crm', card: (row: Row) => row['card'], none: 'none' };
    const row = { crm: 9007199254740993n, card: 'C-7', none: null };
    expect(mapped({ aliases }, row).user?.aliases).toEqual({ crm_id: '9007199254740993', card: 'C-7' });
    expect(mapped({ aliases: () => ({ crm_id: 7 }) }, row).user?.aliases).toEqual({ crm_id: '7' });
    expect(mapped({ aliases: { external_id: 'crm' } }, row).rejects).toMatchObject([
      { field: 'aliases.external_id' },
    ]);
  });

  it('are numbers as people write them, in E.164', () => {
    const subscriptions = [sms('phone', { normalize: 'E.164', defaultCountry: 'US' })];
    const number = (phone: unknown) => mapped({ subscriptions }, { phone }).user?.subscriptions[0]?.token;
    expect(number('(650) 253-0000')).toBe('+16502530000');
    expect(number('0049 151 12345678')).toBe('+4915112345678');
    for (const phone of ['n/a', 'call 650 253 0000', '(650) 253-0000 ext. 12', '650-253-0000x12']) {
      expect(mapped({ subscriptions }, { phone }).rejects).toMatchObject([{ field: 'sms' }]);
    }
    expect(number(null)).toBeUndefined();
  });

  it('are numbers by the country of the row, and otherwise in E.164 already', () => {
    const byRow = [
      sms('phone', { normalize: 'E.164', defaultCountry: (row: Row) => String(row['country']) }),
    ];
    expect(
      mapped({ subscriptions: byRow }, { phone: '030 123456', country: 'de' }).user?.subscriptions,
    ).toEqual([{ type: 'SMS', token: '+4930123456', enabled: true, consentAt: null }]);
    const strict = [sms('phone')];
    const { rejects } = mapped({ subscriptions: strict }, { phone: '(650) 253-0000' });
    expect(rejects[0]?.rule).toContain("normalize: 'E.164'");
    expect(mapped({ subscriptions: strict }, { phone: '+16502530000' }).rejects).toEqual([]);
  });

  it('are emails as destinations keep them, once each', () => {
    const subscriptions = [email('email'), email('other')];
    const { user } = mapped({ subscriptions }, { email: ' Ada@BÜCHER.example', other: 'ada@bücher.example' });
    expect(user?.subscriptions.map(({ token }) => token)).toEqual(['ada@xn--bcher-kva.example']);
  });

  it('are times of consent, from times, text and Unix seconds', () => {
    const subscriptions = [email('email', { consentAt: 'at' })];
    const at = (value: unknown) =>
      mapped({ subscriptions }, { email: 'a@example.com', at: value }).user?.subscriptions[0]?.consentAt;
    expect(at(new Date('2026-01-02T03:04:05Z'))).toBe(1767323045000);
    expect(at('2026-01-02T03:04:05Z')).toBe(1767323045000);
    expect(at(1767323045)).toBe(1767323045000);
    expect(at(null)).toBeNull();
    const { user, rejects } = mapped({ subscriptions }, { email: 'a@example.com', at: 'once' });
    expect([user?.subscriptions.length, rejects[0]?.field]).toEqual([1, 'email.consentAt']);
  });

  it('are each refused alone, with field and rule, whatever else is wrong', () => {
    const { user, rejects } = mapped(
      {
        language: 'language',
        country: 'country',
        timezone: 'timezone',
        tags: { good: tag('good'), bad: tag(() => ({})), broken: tag(() => JSON.parse('{')) },
        subscriptions: [email('email'), sms('phone')],
      },
      { language: 'xx1', country: 'Narnia', timezone: 'Mars/Base', good: ' yes ', email: 'n/a', phone: 'x' },
    );
    expect(rejects.map(({ field }) => field)).toEqual([
      'tags.bad',
      'tags.broken',
      'language',
      'country',
      'timezone',
      'email',
      'sms',
    ]);
    expect(user?.properties).toEqual({ tags: { good: 'yes' } });
  });

  it('name whom a user has taken over, one or several, and never itself', () => {
    expect(replaces(null)).toEqual([]);
    expect(replaces(3)).toEqual(['3']);
    expect(replaces(['9', '7', '3'])).toEqual(['3', '9']);
  });

  it('have the same hash however they were written: what a destination makes of them brings no change', () => {
    const fields: Partial<UsersModel<Row>> = {
      language: 'language',
      country: 'country',
      tags: { plan: tag('plan') },
      subscriptions: [email('email'), sms('phone', { normalize: 'E.164', defaultCountry: 'DE' })],
    };
    const written = {
      language: 'EN-us',
      country: 'de',
      plan: ' pro ',
      email: ' Ada@Example.COM',
      phone: '030 123456',
    };
    const kept = {
      language: 'en',
      country: 'DE',
      plan: 'pro',
      email: 'ada@example.com',
      phone: '+4930123456',
    };
    expect(userHash(mapped(fields, written).user!)).toBe(userHash(mapped(fields, kept).user!));
  });

  it('send a yes that was said again, and no no that was', () => {
    const subscriptions = [email('email', { enabled: (row: Row) => row['on'] === true, consentAt: 'at' })];
    const hash = (on: boolean, at: string) =>
      userHash(mapped({ subscriptions }, { email: 'a@example.com', on, at }).user!);
    expect(hash(true, '2026-01-01')).not.toBe(hash(true, '2026-01-02'));
    expect(hash(false, '2026-01-01')).toBe(hash(false, '2026-01-02'));
  });
});

describe('comparing a user with what was acknowledged', () => {
  const user = mapUser(model, row).user!;
  const hash = userHash(user);

  it('finds nothing to send when nothing differs, whatever the order of the tags', () => {
    const tags = Object.fromEntries(Object.entries(user.properties.tags).toReversed());
    expect(userHash({ ...user, properties: { ...user.properties, tags } })).toBe(hash);
    expect(diffUser(hash, hash)).toEqual({ kind: 'none' });
  });

  it('tells a new user, changed properties and changed addresses apart', () => {
    expect(diffUser(null, hash)).toEqual({ kind: 'new' });
    const renamed = userHash({ ...user, properties: { ...user.properties, language: 'fr' } });
    expect(diffUser(hash, renamed)).toEqual({ kind: 'changed', properties: true, subscriptions: false });
    const silent = userHash({ ...user, subscriptions: [] });
    expect(diffUser(hash, silent)).toEqual({ kind: 'changed', properties: false, subscriptions: true });
  });

  it('differs exactly when what would be sent differs', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(value, value, (a, b) => {
        const one = mapUser(model, { ...row, plan: a }).user!;
        const two = mapUser(model, { ...row, plan: b }).user!;
        const same = one.properties.tags['plan'] === two.properties.tags['plan'];
        expect(userHash(one) === userHash(two)).toBe(same);
      }),
    );
  });
});
