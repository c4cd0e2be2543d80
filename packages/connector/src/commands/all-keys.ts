import type { Source } from '../model/source.ts';

const CHUNK = 1000;

/** Every key of the users model, in chunks that `rows` takes. */
export async function* allKeys(source: Pick<Source, 'scan'>): AsyncGenerator<readonly string[]> {
  for await (const scanned of source.scan({ of: 'users' }, new AbortController().signal)) {
    for (let at = 0; at < scanned.length; at += CHUNK) {
      yield scanned.slice(at, at + CHUNK).map(({ key }) => key);
    }
  }
}
