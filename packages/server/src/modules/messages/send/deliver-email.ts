import type { Utm } from '@carillon/wire';
import type {
  EmailChannel,
  EmailSettings,
  Outcome,
  ProviderAccount,
  RenderedEmail,
  WrittenFile,
} from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { EmailContent } from '../../templates/index.ts';
import type { FeedData, FeedDataAnswer } from '../feeds/feed-data.ts';
import type { Message } from '../message.ts';
import type { FeedDataBySubscription } from '../rendering/index.ts';
import type { LoadedFiles } from './attachments/attachment-files.ts';
import type { Held } from './circuit.ts';
import { deliverRendered } from './deliver-rendered.ts';
import { NO_ANSWER } from './deliverer.ts';
import type { Deliverer, DelivererOptions, Towards } from './deliverer.ts';
import type { DeliveryJob } from './delivery-job.ts';
import { linkTagsOf } from './link-tags.ts';
import { ANYONE, noProvider } from './provider.ts';
import type { Provider } from './provider.ts';
import { renderFacts } from './render-facts.ts';
import type { RenderFacts } from './render-facts.ts';

export interface EmailDelivererOptions extends DelivererOptions {
  readonly channel: Pick<EmailChannel, 'deliver' | 'capacity'>;
  /** Through whom an app sends email now, or null when nobody is set up. */
  readonly account: (appId: string) => Promise<ProviderAccount<EmailSettings> | null>;
  /** What links of all emails of an app carry for web analytics. */
  readonly utmOf: (appId: string) => Promise<Utm | null>;
  /** The files of a message that has any. */
  readonly filesOf: (message: Message<EmailContent>) => Promise<LoadedFiles>;
  /** Asks the data feed of a message that has one. */
  readonly feedData: Pick<FeedData, 'of' | 'inTurn' | 'capacity'>;
}

const NO_HEADERS = {};
const NO_FILES: LoadedFiles = { ok: true, files: [] };

/** What is the same for all recipients of a page. */
interface Sending extends Omit<DeliveryJob<EmailContent>, 'recipients'> {
  readonly through: ProviderAccount<EmailSettings>;
  readonly attachments: readonly WrittenFile[];
  readonly linkTags: string | null;
  readonly facts: RenderFacts;
}

/** Fills an email in for each recipient and hands it to the app's provider. */
export function createEmailDeliverer(options: EmailDelivererOptions): Deliverer<EmailContent> {
  const { renderer, channel, account, circuits, clock } = options;

  async function provider({ content, ...outlet }: Towards<EmailContent>): Promise<Provider> {
    const through = await account(outlet.appId);
    if (through === null) return ANYONE;
    const { key } = through;
    const circuit = circuits.of(outlet, key);
    const alias = content?.dataFeed ?? null;
    if (alias !== null) return { ...options.feedData.capacity(outlet.appId, alias), circuit };
    return { account: key, recipients: channel.capacity(through), circuit };
  }

  async function deliver({
    message,
    lane,
    recipients,
    attempt,
  }: DeliveryJob<EmailContent>): Promise<(Outcome | Held)[]> {
    const through = await account(message.appId);
    if (through === null) return recipients.map(() => noProvider('email'));
    const { appId, content } = message;
    const files = content.attachments.length === 0 ? NO_FILES : await options.filesOf(message);
    if (!files.ok) return recipients.map(() => files.outcome);
    const linkTags = linkTagsOf({ ...(await options.utmOf(appId)), ...content.utm });
    const facts = await renderFacts({ message, lane }, options);
    const sending = { message, lane, attempt, through, attachments: files.files, linkTags, facts };
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
  }

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

    return deliverRendered<EmailContent, RenderedEmail, Outcome | Held>({
      recipients,
      rendered,
      envelopeOf: (recipient, texts) => ({
        messageId: message.id,
        lane,
        recipient,
        // Field by field: spreading two objects here was a twelfth of a broadcast's time.
        content: {
          subject: texts.subject,
          html: texts.html,
          text: texts.text,
          preheader: texts.preheader,
          fromName: texts.fromName,
          fromAddress: texts.fromAddress,
          replyTo: texts.replyTo,
          copies: content.bcc,
          attachments,
          headers: NO_HEADERS,
          unsubscribeFrom: message.appId,
          inviteUnsubscribe: message.audience?.unsubscribedToo !== true,
          trackClicks: content.trackClicks,
          linkTags,
          trackOpens: true,
        },
        attempt: attempt(recipient.subscriptionId),
      }),
      handOver: async (envelopes) => {
        const answers = await channel.deliver(through, envelopes);
        return circuits.of(message, through.key).judge(answers, clock.now());
      },
    });
  }

  return { deliver, provider };
}

function outcomeOf({ reason, mayPass, afterMs }: Extract<FeedDataAnswer, { readonly ok: false }>): Outcome {
  return mayPass ? { state: 'retry', reason, afterMs } : { state: 'failed', reason };
}
