import { describe, expect, it } from 'vitest';
import { fillUpdates, isOfUpdates, textsOfUpdates } from './texts-of-updates.ts';

const UPDATES = { state: '{{ a }}', stops: ['x', { name: '{% if a %}b{% endif %}' }], left: 2, none: null };

describe('what a live activity shows', () => {
  it('is filled in wherever there is Liquid, however deep', () => {
    expect(textsOfUpdates(UPDATES)).toEqual([
      { field: 'event_updates/state', language: null, source: '{{ a }}', mayLoop: true },
      {
        field: 'event_updates/stops/1/name',
        language: null,
        source: '{% if a %}b{% endif %}',
        mayLoop: true,
      },
    ]);
    const texts = { 'event_updates/state': 'packed', 'event_updates/stops/1/name': '', contents: 'Hi' };
    expect(fillUpdates(UPDATES, texts)).toEqual({
      state: 'packed',
      stops: ['x', { name: '' }],
      left: 2,
      none: null,
    });
  });

  it('is as it was given without any', () => {
    expect(fillUpdates({ state: 'packed' }, {})).toEqual({ state: 'packed' });
    expect(textsOfUpdates({})).toEqual([]);
  });

  it('is told from the other texts of a message', () => {
    expect(isOfUpdates('event_updates/state')).toBe(true);
    expect(isOfUpdates('contents')).toBe(false);
  });
});
