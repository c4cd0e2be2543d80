import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { ApiError } from '../../platform/http/api-error.ts';

/** Whose file it is that is imported. */
const FIELD = 'file';
/** A form may have other fields, which are passed over. */
const LIMITS = { files: 1, fields: 20, fieldSize: 1_024, headerPairs: 20, headerSize: 8_192 };

/** The file of a form, as it comes. */
export interface FormFile {
  /** As its sender calls it, without folders; null when it has no name. */
  readonly name: string | null;
  /** Throws ApiError `import-form` where the form has no end, or more than this file. */
  readonly bytes: AsyncIterable<Buffer>;
}

/**
 * Reads a form (multipart/form-data) up to its file. `body` is read further as the file is. Throws ApiError
 * `import-form`.
 */
export function openForm(body: Readable, headers: IncomingHttpHeaders): Promise<FormFile> {
  const form = parserFor(headers);
  const refuse = (reason: string) => form.destroy(broken(reason));
  let isBroken: boolean | null = null;
  form.once('error', () => (isBroken ??= true));
  // The sender is gone, or has sent nothing for too long: the form cannot help it.
  body.once('error', () => (isBroken ??= false));
  form.once('filesLimit', () => refuse('it has more than one file'));
  form.once('fieldsLimit', () => refuse(`it has more than ${LIMITS.fields} other fields`));
  return new Promise((resolve, reject) => {
    form.on('file', (field, stream, name) => {
      if (field !== FIELD) {
        stream.resume();
        refuse(`its file is in the field "${field}"`);
        return;
      }
      // It may fail before anybody reads it; who does so then is told.
      stream.on('error', () => undefined);
      // The parser leaves the file of a form that is given up as it is.
      ended.catch((error: Error) => stream.destroy(error));
      resolve({ name: name === undefined || name === '' ? null : name, bytes: wholeForm(stream, ended) });
    });
    const ended = pipeline(body, form).catch((error: unknown) => {
      throw isBroken === false || error instanceof ApiError ? error : broken((error as Error).message, error);
    });
    ended.then(() => reject(broken('it has no file')), reject);
  });
}

function parserFor(headers: IncomingHttpHeaders) {
  try {
    return new Busboy({
      headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
      limits: LIMITS,
      // Also what is sent without the name of a file.
      isPartAFile: (field, _type, name) => field === FIELD || name !== undefined,
    });
  } catch (error) {
    throw broken((error as Error).message, error);
  }
}

/** The file, and then the rest of its form: nothing may follow that is not as it should be. */
async function* wholeForm(
  file: AsyncIterable<Buffer>,
  ended: Promise<void>,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* file;
  } catch (error) {
    await ended;
    throw error;
  }
  await ended;
}

function broken(reason: string, cause?: unknown): ApiError {
  return new ApiError('import-form', { params: { reason, field: FIELD }, cause });
}
