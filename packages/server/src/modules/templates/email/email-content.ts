import type { Utm } from '@carillon/wire';
import type { DynamicContent } from '../dynamic-content.ts';
import type { Attachment } from './attachment.ts';

/**
 * What an email says, before it is filled in for one person. Texts are Liquid. Field by field what
 * `POST /notifications` and `POST /templates` take.
 */
export interface EmailContent {
  readonly channel: 'email';
  readonly subject: string;
  /** HTML; of a content that has just come in, MJML too. */
  readonly body: string;
  /** The MJML that `body` was compiled from, and that readers of a template are shown. Null when it was written as HTML. */
  readonly mjml: string | null;
  readonly preheader: string | null;
  readonly fromName: string | null;
  readonly fromAddress: string | null;
  /** Not Liquid. */
  readonly senderDomain: string | null;
  readonly replyTo: string | null;
  /** Addresses that get a copy of every email. Not Liquid. */
  readonly bcc: readonly string[];
  readonly attachments: readonly Attachment[];
  /** False when `disable_email_click_tracking` was asked for. */
  readonly trackClicks: boolean;
  /** What links carry for web analytics, over what the app has. Not Liquid. */
  readonly utm: Utm | null;
  /** The alias of the feed that is asked for each recipient. */
  readonly dataFeed: string | null;
  readonly dynamicContent: DynamicContent | null;
}

/** An email that says nothing: what is left of a content that nobody may read any more. */
export const EMPTY_EMAIL: EmailContent = {
  channel: 'email',
  subject: '',
  body: '',
  mjml: null,
  preheader: null,
  fromName: null,
  fromAddress: null,
  senderDomain: null,
  replyTo: null,
  bcc: [],
  attachments: [],
  trackClicks: false,
  utm: null,
  dataFeed: null,
  dynamicContent: null,
};
