import type { WrittenFile } from './write-attachment.ts';

/** An email ready to be sent to one person: every template is already filled in. */
export interface RenderedEmail {
  readonly subject: string;
  readonly html: string;
  /** The plain text part. Derive it from the template once with `textFromHtml`, not per recipient. */
  readonly text: string | null;
  /** The line that mail programs show beside the subject; hidden in the mail itself. */
  readonly preheader: string | null;
  /** The account's sender when null. */
  readonly fromName: string | null;
  readonly fromAddress: string | null;
  /** Stands in for the domain of the address it is from; null: that address as it is. */
  readonly senderDomain: string | null;
  readonly replyTo: string | null;
  /** The app whose mails its person can end with this one; null for a mail without a way out. */
  readonly unsubscribeFrom: string | null;
  /** Whether mail programs are told of that way out, by List-Unsubscribe, beside the link in the text. */
  readonly inviteUnsubscribe: boolean;
  /** Addresses that get a copy (`email_bcc`). */
  readonly copies: readonly string[];
  /** As `writeAttachment` writes them: once for all mails. */
  readonly attachments: readonly WrittenFile[];
  /** Further header lines. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether links are rewritten to count clicks (`disable_email_click_tracking` turns it off). */
  readonly trackClicks: boolean;
  /** What links carry for web analytics, as it stands in an address: `utm_source=shop&utm_medium=email`. */
  readonly linkTags: string | null;
  /** Whether an invisible image is added that counts opens. */
  readonly trackOpens: boolean;
}
