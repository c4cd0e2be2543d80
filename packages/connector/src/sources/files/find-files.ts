import type { FileTable, S3Access } from '../../config/files.ts';
import { httpFile } from './http-file.ts';
import { localFiles } from './local-files.ts';
import type { StoredFile } from './stored-file.ts';

/** The files of a table. */
export async function findFiles(
  { path, headers = {} }: FileTable,
  s3: S3Access,
  signal: AbortSignal,
): Promise<readonly StoredFile[]> {
  if (path.startsWith('s3://')) {
    const { s3Files } = await import('./s3-files.ts');
    return s3Files(path, s3, signal);
  }
  if (/^https?:\/\//.test(path)) {
    const { origin, pathname } = new URL(path);
    // What follows the path often is a signature.
    return [httpFile(`${origin}${pathname}`, path, () => Promise.resolve(headers), signal)];
  }
  return localFiles(path);
}
