/** Header lines are ASCII; what follows them may be anything. */
const HEADER_END = '\r\n\r\n';

/** The value of the first header line of that name, unfolded, or null. Encoded words stay encoded. */
export function readHeader(raw: Buffer, name: string): string | null {
  const end = raw.indexOf(HEADER_END);
  const lines = raw.toString('latin1', 0, end === -1 ? raw.length : end);
  const line = new RegExp(`^${name}:[ \\t]*(.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(lines)?.[1];
  return line === undefined ? null : line.replace(/\r\n[ \t]+/g, ' ').trim();
}
