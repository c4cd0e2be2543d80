import { encodeBase64 } from './encode-text.ts';

export interface FileOfMail {
  readonly filename: string;
  /** A media type: `application/pdf`. */
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A file as mails have it. */
export interface WrittenFile extends Pick<FileOfMail, 'filename' | 'contentType'> {
  /** The part of a mail that it is, header lines included. */
  readonly part: Buffer;
}

/**
 * Writes a file down as the part of a mail that it is (RFC 2183): once, for all mails that have it. The name
 * stands there in ASCII, and as it is for programs that read RFC 5987.
 */
export function writeAttachment({ filename, contentType, bytes }: FileOfMail): WrittenFile {
  const ascii = filename
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '_')
    .replace(/["\\]/g, '_');
  const name = ascii === filename ? '' : `;\r\n filename*=utf-8''${encoded(filename)}`;
  const part = Buffer.from(
    `Content-Type: ${contentType}\r\n` +
      `Content-Disposition: attachment;\r\n filename="${ascii}"${name}\r\n` +
      `Content-Transfer-Encoding: base64\r\n\r\n${encodeBase64(bytes)}`,
  );
  return { filename, contentType, part };
}

const END_OF_HEAD = '\r\n\r\n';
/** All mails of a message share their files: megabytes are not made anew for each. */
const known = new WeakMap<WrittenFile, string>();

/** What is in a written file, as base64 in one line. */
export function contentOf(file: WrittenFile): string {
  const said = known.get(file);
  if (said !== undefined) return said;
  const content = file.part
    .toString('latin1', file.part.indexOf(END_OF_HEAD) + END_OF_HEAD.length)
    .replaceAll('\r\n', '');
  known.set(file, content);
  return content;
}

/** More than `encodeURIComponent` does: RFC 5987 leaves these out too. */
function encoded(filename: string): string {
  return encodeURIComponent(filename).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}
