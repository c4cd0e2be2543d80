import { nameId } from '../../../../platform/ids.ts';
import type { RoundStart } from '../../destination.ts';

/** `<prefix>/2026/11/26/14/<name>.<ending>`: the same name for the same start. */
export function fileKey(
  prefix: string,
  ending: string,
  streamId: string,
  { cursor, at }: RoundStart,
): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  const folder = `${date.replaceAll('-', '/')}/${time.slice(0, 2)}`;
  const name = nameId(streamId, cursor, String(at));
  return `${prefix === '' ? '' : `${prefix}/`}${folder}/${name}.${ending}`;
}
