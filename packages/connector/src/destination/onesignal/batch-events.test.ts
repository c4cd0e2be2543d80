import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventItem } from '../../model/outbox-item.ts';
import { batchEvents } from './batch-events.ts';

function event(id: string, text: string, name = 'bought'): EventItem {
  return { kind: 'event', id, name, externalId: '1', at: '2026-11-01T00:00:00.000Z', properties: { text } };
}

describe('events in requests', () => {
  it('hold at most a megabyte, in their order, and none over 2,024 bytes', () => {
    const texts = fc.array(fc.integer({ min: 0, max: 2100 }), { maxLength: 1500 });
    fc.assert(
      fc.property(texts, (lengths) => {
        const events = lengths.map((length, i) => event(String(i), 'é'.repeat(length / 2)));
        const { batches, refused } = batchEvents(events, 'properties');
        for (const batch of batches) {
          const bytes = Buffer.byteLength(JSON.stringify({ events: batch.map(({ body }) => body) }));
          expect(bytes).toBeLessThanOrEqual(1_000_000);
          for (const { body } of batch)
            expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(2024);
        }
        const sent = batches.flat().map(({ index }) => index);
        expect(sent).toEqual(sent.toSorted((a, b) => a - b));
        expect([...sent, ...refused.keys()].toSorted((a, b) => a - b)).toEqual(events.map((_, i) => i));
      }),
      { numRuns: 20 },
    );
  });

  it('say which rule one breaks that cannot be sent', () => {
    const { refused, batches } = batchEvents(
      [event('1', 'x'.repeat(2000)), event('2', 'x', 'n'.repeat(129)), event('3', 'x')],
      'payload',
    );
    expect(refused.get(0)).toMatch(/^it has 2\d{3} bytes as JSON, and OneSignal takes 2024/);
    expect(refused.get(1)).toBe('its name has 129 characters, and OneSignal takes 128');
    expect(batches[0]?.[0]?.body).toMatchObject({ payload: { text: 'x' } });
  });
});
