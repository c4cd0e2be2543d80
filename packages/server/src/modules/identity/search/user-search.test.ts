import { describe, expect, it } from 'vitest';
import { parseUserSearch } from './user-search.ts';

const filtersOf = (query: Parameters<typeof parseUserSearch>[0]) => parseUserSearch(query).filters;

describe('a search of users', () => {
  it('without filters asks for nothing', () => {
    expect(parseUserSearch({})).toEqual({
      exact: [],
      externalIdPrefix: null,
      filters: {
        language: null,
        country: null,
        tags: {},
        tagKeys: [],
        testUsers: false,
        activeAfter: null,
        activeBefore: null,
        createdAfter: null,
        createdBefore: null,
        subscribedTo: null,
      },
    });
  });

  it('reads addresses, languages and countries as they are stored', () => {
    const { exact } = parseUserSearch({ email: ' Ann@Example.com', phone_number: '+1 (555) 010-0000' });
    expect(exact).toEqual([
      { by: 'token', type: 'Email', token: 'ann@example.com' },
      { by: 'token', type: 'SMS', token: '+15550100000' },
    ]);
    expect(filtersOf({ language: 'pt-BR', country: 'pt' })).toMatchObject({ language: 'pt', country: 'PT' });
  });

  it('cuts an alias at its first colon and a tag at its first equals sign', () => {
    const id = 'AAAAAAAA-1111-4111-8111-111111111111';
    expect(parseUserSearch({ alias: ['crm_id:C:17', `onesignal_id:${id}`] }).exact).toEqual([
      { by: 'alias', label: 'crm_id', value: 'C:17' },
      { by: 'id', id: id.toLowerCase() },
    ]);
    expect(filtersOf({ tag: ['plan=gold', 'formula=a=b', 'vip', 'empty='] })).toMatchObject({
      tags: { plan: 'gold', formula: 'a=b', empty: '' },
      tagKeys: ['vip'],
    });
  });

  it('takes times as ISO 8601 and as Unix seconds', () => {
    const at = Date.parse('2026-01-31T09:00:00Z');
    expect(
      filtersOf({ created_after: '2026-01-31T10:00:00+01:00', created_before: String(at / 1000) }),
    ).toMatchObject({ createdAfter: at, createdBefore: at });
    expect(filtersOf({ last_active_after: '2026-01-31' }).activeAfter).toBe(Date.parse('2026-01-31'));
  });

  it.each([
    [{ external_id: '' }, 'external_id must not be empty'],
    [{ external_id_prefix: '' }, 'external_id_prefix must not be empty'],
    [{ alias: ['crm_id'] }, 'alias must be a label and a value with a colon between them'],
    [{ alias: [':x'] }, 'alias must be a label and a value with a colon between them'],
    [{ email: 'nobody' }, 'email of type Email must be an email address'],
    [{ phone_number: '555' }, 'phone_number of type SMS must be a phone number in E.164'],
    [{ tag: ['=gold'] }, 'tag must not be empty'],
    [{ tag: ['plan=gold', 'plan=silver'] }, 'tag asks for two values of "plan"'],
    [{ language: 'xx' }, 'language must be an ISO 639-1 code'],
    [{ country: 'Portugal' }, 'country must be an ISO 3166-1 alpha-2 code'],
    [{ created_after: 'yesterday' }, 'created_after must be an ISO 8601 time'],
    [{ created_after: '2026-01-31T09:00:00' }, 'created_after must be an ISO 8601 time'],
    [{ last_active_before: '999999999999' }, 'last_active_before must be an ISO 8601 time'],
  ])('refuses %j by name', (query, sentence) => {
    expect(() => parseUserSearch(query)).toThrow(sentence);
  });
});
