import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROOT } from './read-pages.ts';

it('the guide shows the journeys of the examples as they are', () => {
  const page = readFileSync(`${ROOT}docs/guides/journeys-examples.md`, 'utf8');
  const shown = [...page.matchAll(/<!-- file: (\S+) -->\n\n```yaml\n(.*?)```/gs)];
  expect(shown).toHaveLength(3);
  for (const [, path = '', text] of shown) {
    const [schema, ...lines] = readFileSync(ROOT + path, 'utf8').split('\n');
    expect(schema).toContain('$schema=');
    expect(text).toBe(lines.join('\n'));
  }
});
