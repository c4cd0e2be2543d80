import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UsersModel } from '../config/config.ts';
import { email, sql, tag } from '../config/fields.ts';
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
        subscriptions: [{ type: 'Email', token: 'ada@example.com', enabled: false }],
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
