import { expect, test } from 'vitest';
import { parseTimeOfDay, showTimeOfDay } from './time-of-day.ts';

test.each([
  ['9:00AM', '09:00'],
  ['9:00 pm', '21:00'],
  ['12:00AM', '00:00'],
  ['12:30PM', '12:30'],
  ['21:45', '21:45'],
  ['09:45:30', '09:45:30'],
  ['0:00', '00:00'],
])('%s is %s', (text, shown) => {
  expect(showTimeOfDay(parseTimeOfDay(text) ?? -1)).toBe(shown);
});

test.each(['', '9', '24:00', '13:00PM', '0:30AM', '9:60', '9:00:60', 'noon', '09:45:30.5'])(
  '"%s" is no time of day',
  (text) => {
    expect(parseTimeOfDay(text)).toBeNull();
  },
);
