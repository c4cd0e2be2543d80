import { parseJson } from '../../read-json.ts';
import { readHeader } from '../mail/read-header.ts';

/** Where the sandbox keeps what a mail was given for its events: providers keep that beside the mail. */
const ARGS_HEADER = 'X-Sandbox-Args';

/** A mail as it was sent, with what it was given for its events. */
export function withArgs(raw: Buffer, args: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat([Buffer.from(`${ARGS_HEADER}: ${JSON.stringify(args)}\r\n`), raw]);
}

/** What a mail was given for its events. */
export function argsOf(raw: Buffer): Readonly<Record<string, string>> {
  return (parseJson(readHeader(raw, ARGS_HEADER) ?? '') ?? {}) as Readonly<Record<string, string>>;
}
