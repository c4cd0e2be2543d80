import { parseJson } from '../../read-json.ts';
import { readHeader } from '../mail/read-header.ts';

/** Where the sandbox keeps what a mail was given for its events: providers keep that beside the mail. */
export const ARGS_HEADER = 'X-Sandbox-Args';

/** What a mail was given for its events. */
export function argsOf(raw: Buffer): Readonly<Record<string, string>> {
  return (parseJson(readHeader(raw, ARGS_HEADER) ?? '') ?? {}) as Readonly<Record<string, string>>;
}
