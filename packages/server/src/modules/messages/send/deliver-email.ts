import type { Utm } from '@carillon/wire';
import type { AppProvider, Outcome, RenderedEmail, WrittenFile } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { EmailContent } from '../../templates/index.ts';
import type { FeedData, FeedDataAnswer } from '../feeds/feed-data.ts';
import type { Message } from '../message.ts';
import type { FeedDataBySubscription } from '../rendering/index.ts';
import type { LoadedFiles } from './attachments/attachment-files.ts';
import { deliverRendered } from './deliver-rendered.ts';
import { NO_ANSWER } from './deliverer.ts';
import type { Deliverer, DelivererOptions, Towards } from './deliverer.ts';
import type { DeliveryJob } from './delivery-job.ts';
import type { Fate } from './fate.ts';
import { linkTagsOf } from './link-tags.ts';
import { noProvider, providerOf } from './provider.ts';
import type { Provider } from './provider.ts';
import { renderFacts } from './render-facts.ts';
import type { RenderFacts } from './render-facts.ts';
import { throughProviders } from './through-providers.ts';

export interface EmailDelivererOptions extends DelivererOptions {
  /** Through whom an app sends email now, in ascending order; none when nobody is set up. */
  readonly providers: (appId: string) => Promise<readonly AppProvider<RenderedEmail>[]>;
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
  readonly providers: readonly AppProvider<RenderedEmail>[];
  readonly attachments: readonly WrittenFile[];
  readonly linkTags: string | null;
  readonly facts: RenderFacts;
}

/** Fills an email in for each recipient and hands it to one of the app's providers. */
export function createEmailDeliverer(options: EmailDelivererOptions): Deliverer<EmailContent> {
  const { renderer, circuits, clock } = options;

  async function provider({ content, ...outlet }: Towards<EmailContent>): Promise<Provider> {
    const through = providerOf(await options.providers(outlet.appId), outlet, circuits);
    const alias = content?.dataFeed ?? null;
    if (alias === null) return through;
    return { ...through, ...options.feedData.capacity(outlet.appId, alias) };
  }

  async function deliver(job: DeliveryJob<EmailContent>): Promise<Fate[]> {
    const { message, lane, recipients, attempt, isBack } = job;
    const { appId, content } = message;
    const providers = await options.providers(appId);
    if (providers.length === 0) return recipients.map(() => noProvider('email'));
    const files = content.attachments.length === 0 ? NO_FILES : await options.filesOf(message);
    if (!files.ok) return recipients.map(() => files.outcome);
    const linkTags = linkTagsOf({ ...(await options.utmOf(appId)), ...content.utm });
    const facts = await renderFacts({ message, lane }, options);
    const page = { message, lane, attempt, isBack };
    const sending = { ...page, providers, attachments: files.files, linkTags, facts };
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

  /** Renders for these recipients and hands their mails to providers that work. */
  function send(
    sending: Sending,
    recipients: readonly Recipient[],
    feedData?: FeedDataBySubscription,
  ): Promise<Fate[]> {
    const { message, providers, attempt, isBack } = sending;
    return throughProviders(recipients, {
      circuits,
      clock,
      outlet: { appId: message.appId, channel: message.channel },
      providers,
      attempt,
      isBack,
      send: (provider, some) => sendThrough(provider, sending, some, feedData),
    });
  }

  async function sendThrough(
    { channel, account }: AppProvider<RenderedEmail>,
    { message, lane, attempt, attachments, linkTags, facts }: Sending,
    recipients: readonly Recipient[],
    feedData?: FeedDataBySubscription,
  ): Promise<Outcome[]> {
    const { contentId: key, content } = message;
    const rendered = await renderer.render({
      ...facts,
      key,
      content,
      recipients,
      ...(feedData !== undefined && { feedData }),
    });

    return deliverRendered<EmailContent, RenderedEmail, Outcome>({
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
          senderDomain: content.senderDomain,
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
      handOver: (envelopes) => channel.deliver(account, envelopes),
    });
  }

  return { deliver, provider };
}

function outcomeOf({ reason, mayPass, afterMs }: Extract<FeedDataAnswer, { readonly ok: false }>): Outcome {
  return mayPass ? { state: 'retry', reason, afterMs } : { state: 'failed', reason };
}
