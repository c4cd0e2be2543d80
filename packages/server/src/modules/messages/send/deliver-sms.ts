import type { ChannelAccount, Outcome, RenderedSms } from '../../channels/index.ts';
import type { SmsContent } from '../../templates/index.ts';
import type { Held } from './circuit.ts';
import { deliverRendered } from './deliver-rendered.ts';
import type { Deliverer, DelivererOptions } from './deliverer.ts';
import { ANYONE, noProvider } from './provider.ts';
import { renderFacts } from './render-facts.ts';
import { renderLanguages } from './render-languages.ts';

export interface SmsDelivererOptions extends DelivererOptions {
  /** Through whom an app sends text messages now, or null when nobody is set up. */
  readonly through: (appId: string) => Promise<ChannelAccount<RenderedSms> | null>;
}

/** Fills a text message in for each recipient, in their language, and hands it to the app's provider. */
export function createSmsDeliverer(options: SmsDelivererOptions): Deliverer<SmsContent> {
  const { renderer, circuits, clock } = options;
  return {
    async provider(outlet) {
      const through = await options.through(outlet.appId);
      if (through === null) return ANYONE;
      const { channel, account } = through;
      const circuit = circuits.of(outlet, account.key);
      return { account: account.key, recipients: channel.capacity(account), circuit };
    },
    async deliver({ message, lane, recipients, attempt }) {
      const { id: messageId, appId, contentId: key, content } = message;
      const through = await options.through(appId);
      if (through === null) return recipients.map(() => noProvider('sms'));
      const { channel, account } = through;
      const facts = await renderFacts({ message, lane }, options);
      const rendered = await renderLanguages(renderer, { ...facts, key, content, recipients });
      const { from, mediaUrls } = content;
      return deliverRendered<SmsContent, RenderedSms, Outcome | Held>({
        recipients,
        rendered,
        envelopeOf: (recipient, { contents: text = '' }) => ({
          messageId,
          lane,
          recipient,
          content: { text, from, mediaUrls },
          attempt: attempt(recipient.subscriptionId),
        }),
        handOver: async (envelopes) => {
          const answers = await channel.deliver(account, envelopes);
          return circuits.of(message, account.key).judge(answers, clock.now());
        },
      });
    },
  };
}
