import { nameId } from '../../platform/ids.ts';

/**
 * What a message says, before it is filled in for one person. Every text field is Liquid.
 * Field by field what `POST /notifications` and `POST /templates` take.
 */
export interface EmailContent {
  readonly channel: 'email';
  readonly subject: string;
  /** HTML. */
  readonly body: string;
  readonly preheader: string | null;
  readonly fromName: string | null;
  readonly fromAddress: string | null;
  readonly replyTo: string | null;
  /** False when `disable_email_click_tracking` was asked for. */
  readonly trackClicks: boolean;
}

export type Content = EmailContent;

/** What is left of a content that nobody may read any more. */
export const EMPTY_EMAIL: EmailContent = {
  channel: 'email',
  subject: '',
  body: '',
  preheader: null,
  fromName: null,
  fromAddress: null,
  replyTo: null,
  trackClicks: false,
};

/** The same content has the same id, in one app and in any: it is stored once in each. */
export function contentId(content: Content): string {
  const fields = Object.entries(content).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return nameId('content', JSON.stringify(fields));
}
