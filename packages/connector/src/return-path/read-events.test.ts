import { Liquid } from 'liquidjs';
import { describe, expect, it } from 'vitest';
import { eventRow } from '../model/event-row.ts';
import { EVENT_STREAM_TEMPLATE } from './event-stream-template.ts';
import { BodyInvalid, readEvents } from './read-events.ts';

const EVENT = {
  id: '6F1F5A52-5a8e-4d0b-9f3c-1c2f6a7d8e90',
  kind: 'message.email.hardbounced',
  at: 1767323045,
  external_id: '7',
  subscription_id: '',
};

function read(json: unknown) {
  return readEvents(Buffer.from(JSON.stringify(json)));
}

describe('the body of a webhook', () => {
  it('is one event, many, or either under data', () => {
    for (const body of [
      EVENT,
      [EVENT],
      { events: [EVENT] },
      { data: EVENT },
      { type: 'x', data: { events: [EVENT] } },
    ]) {
      expect(read(body)).toMatchObject([
        {
          id: '6f1f5a52-5a8e-4d0b-9f3c-1c2f6a7d8e90',
          kind: 'message.email.bounced',
          at: '2026-01-02T03:04:05.000Z',
          channel: 'email',
          external_id: '7',
          subscription_id: null,
        },
      ]);
    }
  });

  it('is refused with the field and the rule', () => {
    const refusals: [unknown, string][] = [
      [{ ...EVENT, id: undefined }, 'id is missing'],
      [{ ...EVENT, id: '7' }, 'id must be a UUID'],
      [
        { events: [EVENT, { ...EVENT, kind: 'opened' }] },
        'events[1].kind must be of the form message.<channel>.<what>',
      ],
      [{ ...EVENT, at: 'yesterday' }, 'at must be a time: ISO 8601, or Unix seconds'],
      [{ ...EVENT, external_id: 7 }, 'external_id must be a string or null'],
      [{ ...EVENT, message_id: 'x' }, 'message_id must be a UUID'],
      [{ ...EVENT, campaign: 'x' }, 'campaign must be an object or null'],
      ['text', 'body must be an object'],
      [{ events: Array.from({ length: 10_001 }, () => EVENT) }, 'events has at most 10000 entries'],
    ];
    for (const [body, message] of refusals) {
      expect(() => read(body)).toThrow(BodyInvalid);
      expect(() => read(body)).toThrow(message);
    }
    expect(() => readEvents(Buffer.from('{'))).toThrow('body must be JSON');
  });

  it('is whole where it is made by the template, whatever people are called', async () => {
    const event = {
      id: EVENT.id,
      kind: 'message.push.clicked',
      datetime: '2026-01-02T03:04:05.678Z',
      external_id: 'a "b" + 50 %',
      onesignal_id: EVENT.id,
      subscription_id: EVENT.id,
    };
    const message = { id: EVENT.id, template_id: null, name: 'Sale: "50 %"' };
    const body = await new Liquid().parseAndRender(EVENT_STREAM_TEMPLATE, { event, message });
    const [read] = readEvents(Buffer.from(body));
    expect(read).toMatchObject({
      at: '2026-01-02T03:04:05.678Z',
      external_id: 'a "b" + 50 %',
      template_id: null,
      campaign: { name: 'Sale: "50 %"' },
    });
    // A message older than 30 days has no properties any more.
    const old = await new Liquid().parseAndRender(EVENT_STREAM_TEMPLATE, { event, message: {} });
    expect(readEvents(Buffer.from(old))[0]).toMatchObject({ message_id: null, campaign: null });
  });

  it('becomes a row that databases take, NUL and half characters or not', () => {
    const events = read({ ...EVENT, reason: 'a\u0000b \ud83d', extra: { 'k\u0000': '\\u0000' } });
    expect(events.map(eventRow)).toMatchObject([
      {
        kind: 'bounced',
        reason: 'ab \ufffd',
        raw: { extra: { k: '\\u0000' } },
      },
    ]);
  });
});
