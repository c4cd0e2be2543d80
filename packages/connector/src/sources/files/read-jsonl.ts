import type { FileTable } from '../../config/files.ts';
import { FileBroken } from './file-broken.ts';
import { parseJson } from './parse-json.ts';
import type { FoundRow } from './found-row.ts';
import type { StoredFile } from './stored-file.ts';
import { typedRow } from './typed-row.ts';
import { unzipped } from './unzip.ts';

const CHUNK = 1000;
const NEW_LINE = 0x0a;
const LONGEST_LINE = 16 * 1024 * 1024;

/** Rows of JSON Lines: an object a line. */
export async function* readJsonl(
  file: StoredFile,
  table: FileTable,
  signal: AbortSignal,
): AsyncGenerator<readonly FoundRow[]> {
  let line = 0;
  let chunk: FoundRow[] = [];
  for await (const text of lines(unzipped(await file.open(signal), file.name), file.name)) {
    if (signal.aborted) return;
    line += 1;
    const found = (line === 1 ? text.replace(/^\uFEFF/, '') : text).trim();
    if (found === '') continue;
    chunk.push({ row: typedRow(objectOf(found, file.name, line), table.types ?? {}, file.name, line), line });
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function objectOf(text: string, file: string, line: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new FileBroken(file, line, 'is not JSON', error);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new FileBroken(file, line, 'is no object');
}

async function* lines(bytes: AsyncIterable<Buffer>, file: string): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8');
      rest = [];
      length = 0;
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > LONGEST_LINE) throw new FileBroken(file, null, 'a line of more than 16 MB is no row');
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString('utf8');
}
