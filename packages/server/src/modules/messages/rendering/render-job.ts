import type { Recipient, SubscriptionOfUser } from '../../identity/index.ts';
import type { Content, EmailContent } from '../../templates/index.ts';
import type { journeyObject } from './journey-object.ts';

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
  /** The organization that the app belongs to. */
  readonly org: { readonly id: string; readonly name: string };
  /** Of a message that a journey has made. */
  readonly journey?: ReturnType<typeof journeyObject>;
}

/** What `user.subscriptions` lists, by user id. */
export type SubscriptionsByUser = ReadonlyMap<string, readonly SubscriptionOfUser[]>;

/** Texts that are no message: what a data feed is asked with. Each by a name of its own. */
export interface PlainTexts {
  readonly channel: 'texts';
  readonly texts: Readonly<Record<string, string>>;
  readonly dynamicContent: null;
}

export type Renderable = Content | PlainTexts;

/** What a data feed has answered, by subscription id: the JSON text of `{"<alias>": …}`. */
export type FeedDataBySubscription = ReadonlyMap<string, string>;

export interface RenderJob<Said extends Renderable = EmailContent> {
  /** Names the content: the same key is always the same content. It is compiled once and remembered. */
  readonly key: string;
  readonly content: Said;
  /** Of all recipients, where the content has languages; English when absent. */
  readonly language?: string | null;
  readonly shared: SharedObjects;
  readonly recipients: readonly Recipient[];
  /** Called only for templates that use `subscription.unsubscribe_token`. */
  readonly unsubscribeToken?: (recipient: Recipient) => string;
  /** Called only for templates that use `user.subscriptions`. */
  readonly subscriptionsOf?: (recipients: readonly Recipient[]) => Promise<SubscriptionsByUser>;
  /** What templates have as `data_feed`. */
  readonly feedData?: FeedDataBySubscription;
  /** Whether results tell which parts failed. */
  readonly explain?: boolean;
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

/** A part that failed and is empty. */
export interface RenderFault {
  /** As `RenderedTexts` calls it, or the wire. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

/** The texts of push and SMS have the names of the wire's fields. */
export type TextsOf<Said extends Renderable> = Said extends EmailContent
  ? RenderedTexts
  : Readonly<Record<string, string>>;

export type RenderResult<Said extends Renderable = EmailContent> =
  | {
      readonly ok: true;
      readonly texts: TextsOf<Said>;
      /** Only where the job asks for it. */
      readonly faults?: readonly RenderFault[];
    }
  | { readonly ok: false; readonly reason: RenderFailure };
