import { encodeBase64 } from './encode-text.ts';

export interface FileOfMail {
  readonly filename: string;
  /** A media type: `application/pdf`. */
  readonly contentType: string;
  readonly bytes: Buffer;
}

/**
 * Writes a file down as the part of a mail that it is (RFC 2183): once, for all mails that have it. The name
 * stands there in ASCII, and as it is for programs that read RFC 5987.
 */
export function writeAttachment({ filename, contentType, bytes }: FileOfMail): Buffer {
  const ascii = filename
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '_')
    .replace(/["\\]/g, '_');
  const name = ascii === filename ? '' : `;\r\n filename*=utf-8''${encoded(filename)}`;
  return Buffer.from(
    `Content-Type: ${contentType}\r\n` +
      `Content-Disposition: attachment;\r\n filename="${ascii}"${name}\r\n` +
      `Content-Transfer-Encoding: base64\r\n\r\n${encodeBase64(bytes)}`,
  );
}

/** More than `encodeURIComponent` does: RFC 5987 leaves these out too. */
function encoded(filename: string): string {
  return encodeURIComponent(filename).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}
