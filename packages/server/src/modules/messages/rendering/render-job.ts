import type { Recipient } from '../../identity/index.ts';
import type { EmailContent } from '../../templates/index.ts';

/** What every recipient's rendering sees, under the names that templates use. */
export interface SharedObjects {
  readonly message: {
    readonly id: string;
    readonly name: string | null;
    readonly template_id: string | null;
    readonly custom_data: Readonly<Record<string, unknown>> | null;
  };
  readonly template: { readonly id: string; readonly name: string } | null;
  readonly app: { readonly id: string; readonly name: string };
}

export interface RenderJob {
  /** Names the content: the same key is always the same content. It is compiled once and remembered. */
  readonly key: string;
  readonly content: EmailContent;
  readonly shared: SharedObjects;
  readonly recipients: readonly Recipient[];
  /** Called only for templates that use `subscription.unsubscribe_token`. */
  readonly unsubscribeToken?: (recipient: Recipient) => string;
}

/** The texts of an email, filled in for one person. */
export interface RenderedTexts {
  readonly subject: string;
  readonly html: string;
  /** The plain text part; null when none could be made of the body. */
  readonly text: string | null;
  readonly preheader: string | null;
  readonly fromName: string | null;
  readonly fromAddress: string | null;
  readonly replyTo: string | null;
}

/** Why one recipient's rendering failed, as it stands in the ledger. */
export type RenderFailure =
  | 'the template took too long to render'
  | 'the template took too much memory to render'
  | 'the template cannot be rendered';

export type RenderResult =
  | { readonly ok: true; readonly email: RenderedTexts }
  | { readonly ok: false; readonly reason: RenderFailure };
