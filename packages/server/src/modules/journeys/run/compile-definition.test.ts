import { describe, expect, it } from 'vitest';
import { compileDefinition } from './compile-definition.ts';
import {
  HOOK,
  branch,
  definitionOf,
  eventTest,
  exit,
  send,
  tag,
  wait,
  waitUntil,
  webhook,
  yesNo,
} from './fixtures/definitions.ts';

const clicked = { kind: 'on_notification_action', action: 'clicked', sendingNodeKey: 1 } as const;
const definition = definitionOf([
  send(1),
  wait(2),
  yesNo(3, clicked, branch(4, [tag(5, { a: '1' }), exit(6)]), branch(7, [webhook(8)])),
  waitUntil(9, [[{ kind: 'event_trigger', event: eventTest('paid') }, branch(10, [send(11, 'send_sms')])]]),
  wait(12),
  send(13, 'send_push'),
]);
const journey = compileDefinition(definition);
const asked = (key: number) => {
  const needs = journey.places.get(key)?.leaving;
  return {
    channels: [...(needs?.channels ?? [])],
    webhooks: [...(needs?.webhookIds ?? [])],
    sending: [...(needs?.sendingNodes ?? [])],
    tags: needs?.tags,
  };
};

describe('a compiled journey', () => {
  it('knows what is behind each node, also out of branches', () => {
    expect(
      [...journey.places]
        .map(([key, { next }]): [number, number | null] => [key, next])
        .toSorted(([a], [b]) => a - b),
    ).toEqual([
      [1, 2],
      [2, 3],
      [3, 9],
      [5, 6],
      [6, null],
      [8, 9],
      [9, 12],
      [11, 12],
      [12, 13],
      [13, null],
    ]);
    expect([...journey.branches].toSorted(([a], [b]) => a - b)).toEqual([
      [4, 5],
      [7, 8],
      [10, 11],
    ]);
  });

  it('asks for what may be needed before the next wait, and for no more', () => {
    expect(asked(1)).toEqual({ channels: [], webhooks: [], sending: [], tags: false });
    expect(asked(2)).toEqual({ channels: ['sms'], webhooks: [HOOK], sending: [1], tags: true });
    expect(asked(9)).toEqual({ channels: ['sms'], webhooks: [], sending: [], tags: false });
  });

  it('is made once for each version, and knows the events that move a run', () => {
    expect(compileDefinition(definition)).toBe(journey);
    expect([...journey.listensTo]).toEqual(['paid']);
    expect([...journey.sendingNodes]).toEqual([1]);
  });
});
