import type { Utm } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { AppNames } from '../../accounts/index.ts';
import type { EmailChannel, Outcome, ProviderAccount } from '../../channels/index.ts';
import type { DeliveryReference, EmailSettings, Envelope, RenderedEmail } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Message } from '../message.ts';
import type { FeedData, FeedDataAnswer, FeedFacts } from '../feeds/feed-data.ts';
import type {
  FeedDataBySubscription,
  Renderer,
  SharedObjects,
  SubscriptionsByUser,
} from '../rendering/index.ts';
import type { LoadedFiles } from './attachments/attachment-files.ts';
import type { Held } from './circuit.ts';
import type { Deliver } from './hand-over.ts';
import type { Circuits, Outlet } from './circuits.ts';
import { linkTagsOf } from './link-tags.ts';
import { ANYONE } from './provider.ts';
import type { Provider } from './provider.ts';

export interface EmailDelivererOptions {
  readonly renderer: Renderer;
  readonly channel: Pick<EmailChannel, 'deliver' | 'capacity'>;
  readonly circuits: Circuits;
  readonly clock: Clock;
  /** Through whom an app sends email now, or null when nobody is set up. */
  readonly account: (appId: string) => Promise<ProviderAccount<EmailSettings> | null>;
  /** What templates can say of an app; null for one that is not there any more. */
  readonly appNames: (appId: string) => Promise<AppNames | null>;
  readonly templateName: (appId: string, id: string) => Promise<string | null>;
  /** What links of all emails of an app carry for web analytics. */
  readonly utmOf: (appId: string) => Promise<Utm | null>;
  /** The files of a message that has any. */
  readonly filesOf: (message: Message) => Promise<LoadedFiles>;
  /** Asks the data feed of a message that has one. */
  readonly feedData: Pick<FeedData, 'of' | 'inTurn' | 'capacity'>;
  /** Ends the mails to the subscription of a delivery, for whoever has it. */
  readonly unsubscribeToken: (appId: string, reference: DeliveryReference) => string;
  /** All subscriptions of the users of recipients. */
  readonly subscriptionsOf: (appId: string, recipients: readonly Recipient[]) => Promise<SubscriptionsByUser>;
}

/** Tried again: the operator may well be setting it up. */
const NO_ACCOUNT: Outcome = {
  state: 'retry',
  reason: 'the app has no email provider: PUT /apps/{app_id}/channels/email',
  afterMs: null,
};

const NO_HEADERS = {};
const NO_FILES: LoadedFiles = { ok: true, parts: [] };

/** What is the same for all recipients of a page. */
interface Sending extends Pick<Parameters<Deliver>[0], 'message' | 'lane' | 'attempt'> {
  readonly through: ProviderAccount<EmailSettings>;
  readonly attachments: readonly Buffer[];
  readonly linkTags: string | null;
  readonly facts: FeedFacts;
}

/** Fills an email in for each recipient and hands it to the app's provider. */
export function createEmailDeliverer(options: EmailDelivererOptions): {
  readonly deliver: Deliver;
  readonly provider: (outlet: Outlet & Partial<Pick<Message, 'content'>>) => Promise<Provider>;
} {
  const { renderer, channel, account, circuits, clock } = options;
  const provider = async (outlet: Outlet & Partial<Pick<Message, 'content'>>): Promise<Provider> => {
    const through = await account(outlet.appId);
    if (through === null) return ANYONE;
    const { key } = through;
    const circuit = circuits.of(outlet, key);
    const alias = outlet.content?.dataFeed ?? null;
    if (alias !== null) return { ...options.feedData.capacity(outlet.appId, alias), circuit };
    return { account: key, recipients: channel.capacity(through), circuit };
  };
  const deliver: Deliver = async ({ message, lane, recipients, attempt }) => {
    const through = await account(message.appId);
    if (through === null) return recipients.map(() => NO_ACCOUNT);
    const { appId, content } = message;
    const files = content.attachments.length === 0 ? NO_FILES : await options.filesOf(message);
    if (!files.ok) return recipients.map(() => files.outcome);
    const linkTags = linkTagsOf({ ...(await options.utmOf(appId)), ...content.utm });
    const facts = {
      shared: await sharedObjects(message, options),
      subscriptionsOf: (those: readonly Recipient[]) => options.subscriptionsOf(appId, those),
      unsubscribeToken: ({ subscriptionId }: Recipient) =>
        options.unsubscribeToken(appId, { lane, messageId: message.id, subscriptionId }),
    };
    const sending = { message, lane, attempt, through, attachments: files.parts, linkTags, facts };
    const { dataFeed } = content;
    if (dataFeed === null) return send(sending, recipients);
    return Promise.all(
      recipients.map((recipient) =>
        options.feedData.inTurn(appId, dataFeed, async () => {
          const answer = await options.feedData.of(appId, dataFeed, recipient, facts);
          if (!answer.ok) return outcomeOf(answer);
          const feedData = new Map([[recipient.subscriptionId, answer.data]]);
          const [outcome] = await send(sending, [recipient], feedData);
          return outcome ?? NO_ANSWER;
        }),
      ),
    );
  };

  /** Renders for these recipients and hands their mails over. */
  async function send(
    { message, lane, attempt, through, attachments, linkTags, facts }: Sending,
    recipients: readonly Recipient[],
    feedData?: FeedDataBySubscription,
  ): Promise<(Outcome | Held)[]> {
    const { contentId: key, content } = message;
    const rendered = await renderer.render({
      ...facts,
      key,
      content,
      recipients,
      ...(feedData !== undefined && { feedData }),
    });

    const outcomes: (Outcome | Held | undefined)[] = [];
    const envelopes: Envelope<RenderedEmail>[] = [];
    for (const [index, recipient] of recipients.entries()) {
      const result = rendered[index];
      if (result?.ok !== true) {
        outcomes[index] = { state: 'failed', reason: result?.reason ?? 'the template cannot be rendered' };
        continue;
      }
      const { subject, html, text, preheader, fromName, fromAddress, replyTo } = result.texts;
      envelopes.push({
        messageId: message.id,
        lane,
        recipient,
        // Field by field: spreading two objects here was a twelfth of a broadcast's time.
        content: {
          subject,
          html,
          text,
          preheader,
          fromName,
          fromAddress,
          replyTo,
          copies: content.bcc,
          attachments,
          headers: NO_HEADERS,
          unsubscribeFrom: message.appId,
          trackClicks: content.trackClicks,
          linkTags,
          trackOpens: true,
        },
        attempt: attempt(recipient.subscriptionId),
      });
    }
    const answers = await channel.deliver(through, envelopes);
    const delivered = circuits.of(message, through.key).judge(answers, clock.now());
    let next = 0;
    return recipients.map((_, index) => outcomes[index] ?? delivered[next++] ?? NO_ANSWER);
  }
  return { deliver, provider };
}

function outcomeOf({ reason, mayPass, afterMs }: Extract<FeedDataAnswer, { readonly ok: false }>): Outcome {
  return mayPass ? { state: 'retry', reason, afterMs } : { state: 'failed', reason };
}

/** What is the same in every recipient's rendering. */
async function sharedObjects(message: Message, options: EmailDelivererOptions): Promise<SharedObjects> {
  const { id, appId, name, templateId, customData } = message;
  const template = templateId === null ? null : await options.templateName(appId, templateId);
  const app = await options.appNames(appId);
  return {
    message: { id, name, template_id: templateId, custom_data: customData },
    template: templateId === null ? null : { id: templateId, name: template ?? '' },
    app: { id: appId, name: app?.name ?? '' },
    org: app?.org ?? { id: '', name: '' },
  };
}

const NO_ANSWER: Outcome = { state: 'retry', reason: 'the channel gave no answer', afterMs: null };
