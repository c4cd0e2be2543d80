import { readJsonObject } from './read-json-object.ts';

/** The message's id in the data of an Android app's push, where `custom` is JSON in a text; null where there is none. */
export function messageIdIn(data: unknown): string | null {
  const custom = (data as { custom?: unknown } | null | undefined)?.custom;
  const id = typeof custom === 'string' ? readJsonObject(Buffer.from(custom))?.['i'] : undefined;
  return typeof id === 'string' ? id : null;
}
