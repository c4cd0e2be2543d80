import type { Journey } from './definition.ts';

/** What a client sends back to say which revision it has seen. */
export function concurrencyKey({ revision }: Pick<Journey, 'revision'>): string {
  return String(revision);
}
