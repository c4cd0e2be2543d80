import type { BulkUserResult, BulkUserSummary } from '@carillon/wire';

/**
 * What each line of an answer says, as it comes. A last line that nothing ended was cut off, and is left
 * out. Throws SyntaxError where a line is not JSON.
 */
export async function* readLines(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<BulkUserResult | BulkUserSummary, void, undefined> {
  const decoder = new TextDecoder();
  let begun = '';
  for await (const piece of pieces) {
    const lines = (begun + decoder.decode(piece, { stream: true })).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as BulkUserResult | BulkUserSummary;
  }
}
