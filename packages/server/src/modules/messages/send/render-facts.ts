import type { AppNames } from '../../accounts/index.ts';
import type { DeliveryReference } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import { journeyObject } from '../rendering/index.ts';
import type { RenderJob, SharedObjects, SubscriptionsByUser } from '../rendering/index.ts';
import type { DeliveryJob } from './delivery-job.ts';

export interface RenderFactsOptions {
  /** What templates can say of an app; null for one that is not there any more. */
  readonly appNames: (appId: string) => Promise<AppNames | null>;
  readonly templateName: (appId: string, id: string) => Promise<string | null>;
  /** Ends the messages to the subscription of a delivery, for whoever has it. */
  readonly unsubscribeToken: (appId: string, reference: DeliveryReference) => string;
  /** All subscriptions of the users of recipients. */
  readonly subscriptionsOf: (appId: string, recipients: readonly Recipient[]) => Promise<SubscriptionsByUser>;
}

/** What templates see besides their recipient. */
export type RenderFacts = Required<Pick<RenderJob, 'shared' | 'subscriptionsOf' | 'unsubscribeToken'>>;

/** What the templates of a page see. */
export async function renderFacts(
  { message, lane }: Pick<DeliveryJob, 'message' | 'lane'>,
  options: RenderFactsOptions,
): Promise<RenderFacts> {
  const { id, appId } = message;
  return {
    shared: await sharedObjects(message, options),
    subscriptionsOf: (recipients) => options.subscriptionsOf(appId, recipients),
    unsubscribeToken: ({ subscriptionId }) =>
      options.unsubscribeToken(appId, { lane, messageId: id, subscriptionId }),
  };
}

/** What is the same in every recipient's rendering. */
async function sharedObjects(
  { id, appId, name, templateId, customData }: DeliveryJob['message'],
  options: RenderFactsOptions,
): Promise<SharedObjects> {
  const template = templateId === null ? null : await options.templateName(appId, templateId);
  const app = await options.appNames(appId);
  return {
    message: { id, name, template_id: templateId, custom_data: customData },
    template: templateId === null ? null : { id: templateId, name: template ?? '' },
    app: { id: appId, name: app?.name ?? '' },
    org: app?.org ?? { id: '', name: '' },
    journey: journeyObject(customData),
  };
}
