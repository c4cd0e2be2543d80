import { expect, it } from 'vitest';
import { topicOf } from './push-topic.ts';

it.each(['order-7', 'A_b-9', 'x'.repeat(32)])('the topic %s goes as it is', (name) =>
  expect(topicOf(name)).toBe(name),
);

it.each(['x'.repeat(33), 'two words', 'größe', 'a/b', ''])(
  'the topic %j is known by a hash that fits',
  (name) => {
    expect(topicOf(name)).toMatch(/^[\w-]{32}$/);
    expect(topicOf(name)).toBe(topicOf(name));
    expect(topicOf(name)).not.toBe(topicOf(`${name}!`));
  },
);
