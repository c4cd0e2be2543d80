import { describe, expect, it } from 'vitest';
import { parseJourney } from './parse-journey.ts';

const TEMPLATE = '11111111-1111-4111-8111-111111111111';
const good = {
  name: 'Welcome',
  audience: { kind: 'event_trigger', name: 'signed_up' },
  nodes: [
    { kind: 'wait', duration_seconds: 3_600, client_node_id: 'pause' },
    { kind: 'send_email', template_id: TEMPLATE },
  ],
};

const complaint = (changes: object) => {
  try {
    parseJourney({ ...good, ...changes });
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a journey in a request', () => {
  it('becomes nodes with keys in their order', () => {
    const { name, definition } = parseJourney(good);
    expect(name).toBe('Welcome');
    expect(definition).toMatchObject({
      audience: { kind: 'event_trigger', name: 'signed_up' },
      nextKey: 3,
      nodes: [
        { key: 1, kind: 'wait', durationSeconds: 3_600, clientNodeId: 'pause' },
        { key: 2, kind: 'send_email', templateId: TEMPLATE },
      ],
    });
  });

  it.each([
    [{ state: 'active' }, 'state is set by the server: remove it'],
    [{ name: ' ' }, 'name is required'],
    [{ schedule: { stop_at: 'x' } }, 'schedule is not supported yet: remove it'],
    [{ colour: 'red' }, 'colour is not known here: remove it'],
    [{ audience: { kind: 'segment' } }, 'audience.kind must be event_trigger: no other is supported yet'],
    [{ audience: { kind: 'event_trigger' } }, 'audience.name is required'],
    [
      { audience: { ...good.audience, attributes: [[{ key: 'a' }]] } },
      'audience.attributes is not supported yet: remove it',
    ],
    [
      { nodes: [{ kind: 'send_push' }] },
      'nodes[0].kind must be one of wait, send_email: no others are supported yet',
    ],
    [{ nodes: [{ id: 'x', kind: 'wait' }] }, 'nodes[0].id is set by the server: remove it'],
    [
      { nodes: [{ kind: 'wait', duration_seconds: 59 }] },
      'nodes[0].duration_seconds must be a whole number from 60 to 31556952',
    ],
    [
      { nodes: [{ kind: 'send_email', template_id: 'welcome' }] },
      'nodes[0].template_id must be a valid UUID',
    ],
    [
      { nodes: [{ kind: 'wait', duration_seconds: 60, until: 1 }] },
      'nodes[0].until is not known here: remove it',
    ],
  ])('is refused with the field and the rule: %j', (changes, message) => {
    expect(complaint(changes)).toBe(message);
  });
});
