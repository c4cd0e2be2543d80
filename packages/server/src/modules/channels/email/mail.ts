import type { WrittenFile } from './write-attachment.ts';

/** An email as it is to leave, before it is written down. */
export interface Mail {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly from: { readonly name: string; readonly address: string };
  /** Whom it shows as its recipient. */
  readonly to: string;
  /** Whom it goes to: not the same one where it is a copy. */
  readonly recipient: string;
  /** Whom a server tells that it could not deliver it; the address that it comes from when null. */
  readonly returnPath: string | null;
  /** An address, or a name with an address in angle brackets. */
  readonly replyTo: string | null;
  readonly subject: string;
  readonly html: string;
  readonly text: string | null;
  /** As `writeAttachment` writes them. */
  readonly attachments: readonly WrittenFile[];
  /** Further header lines by name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly date: number;
}

/** An email as it goes over the wire. */
export interface WrittenMail {
  readonly messageId: string;
  /** The addresses of the envelope, as SMTP wants them. */
  readonly sender: string;
  readonly recipient: string;
  /** One after the other. Files are not copied for each mail. */
  readonly pieces: readonly Buffer[];
}
