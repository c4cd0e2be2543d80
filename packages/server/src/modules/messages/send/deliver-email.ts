import type { Clock } from '../../../platform/clock.ts';
import type { AppNames } from '../../accounts/index.ts';
import type { EmailChannel, Outcome, ProviderAccount } from '../../channels/index.ts';
import type { DeliveryReference, EmailSettings, Envelope, RenderedEmail } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Message } from '../message.ts';
import type { Renderer, SharedObjects, SubscriptionsByUser } from '../rendering/index.ts';
import type { Held } from './circuit.ts';
import type { Deliver } from './hand-over.ts';
import type { Circuits, Outlet } from './circuits.ts';
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

/** Fills an email in for each recipient and hands it to the app's provider. */
export function createEmailDeliverer(options: EmailDelivererOptions): {
  readonly deliver: Deliver;
  readonly provider: (outlet: Outlet) => Promise<Provider>;
} {
  const { renderer, channel, account, circuits, clock } = options;
  const provider = async (outlet: Outlet): Promise<Provider> => {
    const through = await account(outlet.appId);
    if (through === null) return ANYONE;
    const { key } = through;
    return { account: key, recipients: channel.capacity(through), circuit: circuits.of(outlet, key) };
  };
  const deliver: Deliver = async ({ message, lane, recipients, attempt }) => {
    const through = await account(message.appId);
    if (through === null) return recipients.map(() => NO_ACCOUNT);
    const { contentId: key, content } = message;
    const shared = await sharedObjects(message, options);
    const subscriptionsOf = (those: readonly Recipient[]) => options.subscriptionsOf(message.appId, those);
    const unsubscribeToken = ({ subscriptionId }: Recipient) =>
      options.unsubscribeToken(message.appId, { lane, messageId: message.id, subscriptionId });
    const rendered = await renderer.render({
      key,
      content,
      shared,
      recipients,
      unsubscribeToken,
      subscriptionsOf,
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
          headers: NO_HEADERS,
          unsubscribeFrom: message.appId,
          trackClicks: content.trackClicks,
          trackOpens: true,
        },
        attempt: attempt(recipient.subscriptionId),
      });
    }
    const answers = await channel.deliver(through, envelopes);
    const delivered = circuits.of(message, through.key).judge(answers, clock.now());
    let next = 0;
    return recipients.map((_, index) => outcomes[index] ?? delivered[next++] ?? NO_ANSWER);
  };
  return { deliver, provider };
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
