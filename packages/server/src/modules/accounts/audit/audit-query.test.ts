import { describe, expect, test } from 'vitest';
import { readAuditQuery, writeCursor } from './audit-query.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const read = (query: Parameters<typeof readAuditQuery>[0]) => readAuditQuery(query, NOW, 365);
const start_time = '2026-11-01T00:00:00Z';

describe('the window', () => {
  test.each([
    ['2026-11-01T08:30:00Z', '2026-11-01T08:30:00.000Z'],
    ['2026-11-01T08:30:00.123456Z', '2026-11-01T08:30:00.123Z'],
    ['2026-11-01T08:30:00+02:00', '2026-11-01T06:30:00.000Z'],
    ['2026-11-01T08:30:00 02:00', '2026-11-01T06:30:00.000Z'],
    ['2026-11-01T08:30:00-0500', '2026-11-01T13:30:00.000Z'],
    ['2026-11-01T08:30', '2026-11-01T08:30:00.000Z'],
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
  ])('begins at %s', (text, time) => {
    expect(new Date(read({ start_time: text }).filter.from!).toISOString()).toBe(time);
  });

  test('has no end when none is given: what comes while pages are read is among them', () => {
    expect(read({ start_time }).filter.to).toBeNull();
    expect(read({ start_time, end_time: '2026-11-02' }).filter.to).toBe(Date.parse('2026-11-02T00:00:00Z'));
  });

  test.each([
    [{}, 'start_time is required, unless there is a cursor'],
    [{ start_time: 'yesterday' }, 'start_time must be an ISO 8601 time, such as 2026-11-25T00:00:00Z'],
    [{ start_time: '1764028800' }, 'start_time must be an ISO 8601 time, such as 2026-11-25T00:00:00Z'],
    [{ start_time: '2026-13-01' }, 'start_time must be an ISO 8601 time, such as 2026-11-25T00:00:00Z'],
    [
      { start_time: '2025-11-25T11:59:59Z' },
      'start_time must be within the last 365 days: older entries are deleted',
    ],
    [{ start_time, end_time: start_time }, 'end_time must be after start_time'],
    [{ start_time, end_time: 'now' }, 'end_time must be an ISO 8601 time, such as 2026-11-25T00:00:00Z'],
  ])('cannot be %j', (query, sentence) => {
    expect(() => read(query)).toThrow(sentence);
  });
});

describe('the cursor', () => {
  test('goes on behind a position, in the window of the first page', () => {
    const { filter } = read({ start_time, end_time: '2026-11-20' });
    const next = read({ cursor: writeCursor(42, filter), start_time: 'ignored' });
    expect(next).toMatchObject({ after: 42, filter: { from: filter.from, to: filter.to } });
    const open = read({ cursor: writeCursor(7, { from: null, to: null }) });
    expect(open).toMatchObject({ after: 7, filter: { from: null, to: null } });
  });

  test.each(['', 'abc', Buffer.from('1').toString('base64url'), Buffer.from('-1  ').toString('base64url')])(
    'cannot be %j',
    (cursor) => {
      expect(() => read({ cursor })).toThrow('cursor must be a next_cursor that this list gave out');
    },
  );
});

test.each([
  [undefined, 100],
  [0, 1],
  [-5, 1],
  [7, 7],
  [1_000, 100],
])('a limit of %s is taken as %s', (limit, taken) => {
  expect(read({ start_time, ...(limit !== undefined && { limit }) }).limit).toBe(taken);
});

test('ids and addresses are compared in lower case', () => {
  const { filter } = read({ start_time, app_ids: ['AB'], actor_emails: ['Ann@Example.com'] });
  expect(filter).toMatchObject({ appIds: ['ab'], actorEmails: ['ann@example.com'], actions: [] });
});
