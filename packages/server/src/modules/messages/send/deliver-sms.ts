import type { AppProvider, Outcome, RenderedSms } from '../../channels/index.ts';
import type { SmsContent } from '../../templates/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { JudgeSenders } from '../timing/hold-opted-out.ts';
import { deliverRendered } from './deliver-rendered.ts';
import type { Deliverer, DelivererOptions } from './deliverer.ts';
import { noProvider, providerOf } from './provider.ts';
import { renderFacts } from './render-facts.ts';
import { renderLanguages } from './render-languages.ts';
import { throughProviders } from './through-providers.ts';
import type { ThroughProviders } from './through-providers.ts';

export interface SmsDelivererOptions extends DelivererOptions {
  /** Through whom an app sends text messages now, in ascending order; none when nobody is set up. */
  readonly providers: (appId: string) => Promise<readonly AppProvider<RenderedSms>[]>;
  /** Whom of them somebody has opted out of. */
  readonly judgeSenders: JudgeSenders;
}

/** Fills a text message in for each recipient, in their language, and hands it to one of the app's providers. */
export function createSmsDeliverer(options: SmsDelivererOptions): Deliverer<SmsContent> {
  const { renderer, circuits, clock } = options;
  return {
    async provider(outlet) {
      return providerOf(await options.providers(outlet.appId), outlet, circuits);
    },
    async deliver({ message, lane, recipients, attempt, isBack }) {
      const { id: messageId, appId, channel, contentId: key, content } = message;
      const providers = await options.providers(appId);
      if (providers.length === 0) return recipients.map(() => noProvider('sms'));
      const facts = await renderFacts({ message, lane }, options);
      const { from, mediaUrls } = content;
      const numbers = recipients.map(({ token }) => token);
      const verdicts = await options.judgeSenders({ appId, from, numbers });
      const everyone = new Set(providers.keys());
      const closedTo = ({ token }: Recipient) => {
        const verdict = verdicts.get(token);
        if (verdict === undefined) return undefined;
        // Somebody who has just now opted out of all waits for the next look at who is held.
        return verdict.kind === 'narrowed' ? verdict.closed : everyone;
      };
      const send: ThroughProviders<RenderedSms>['send'] = async ({ channel, account }, recipients) =>
        deliverRendered<SmsContent, RenderedSms, Outcome>({
          recipients,
          rendered: await renderLanguages(renderer, { ...facts, key, content, recipients }),
          envelopeOf: (recipient, { contents: text = '' }) => ({
            messageId,
            lane,
            recipient,
            content: { appId, text, from, mediaUrls },
            attempt: attempt(recipient.subscriptionId),
          }),
          handOver: (envelopes) => channel.deliver(account, envelopes),
        });
      const outlet = { appId, channel };
      const through = { circuits, clock, outlet, providers, attempt, isBack, closedTo, send };
      return throughProviders(recipients, through);
    },
  };
}
