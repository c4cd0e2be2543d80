import { expect, it } from 'vitest';
import type { Status } from '../status/read-status.ts';
import { writeMetrics } from './write-metrics.ts';

const status: Status = {
  name: 'shop',
  run: 'under way',
  told: null,
  outbox: { items: 3, bytes: 120, oldestAt: 1 },
  lagMs: 1500,
  pass: 'done',
  rejects: { users: 2, events: 0, messages: 1, writeBacks: 0 },
  asked: 0,
  slot: { problem: 'the source is away' },
};

it('writes what is known, with words of ours as labels, and leaves out what is not', () => {
  const text = writeMetrics(status);
  expect(text).toContain('# TYPE carillon_connector_outbox_items gauge\ncarillon_connector_outbox_items 3\n');
  expect(text).toContain('carillon_connector_lag_seconds 1.5\n');
  expect(text).toContain('carillon_connector_rejects{what="messages"} 1\n');
  expect(text).not.toContain('slot_retained_bytes');
  for (const line of text.trim().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) |[a-z_]+(\{what="\w+"\})? [\d.]+$)/);
});
