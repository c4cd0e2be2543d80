import { inGroups } from '../../../platform/in-groups.ts';
import { pushTransportOf } from '../../channels/index.ts';
import type { AppProvider, Outcome, PushTransport, RenderedPush } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { PushContent } from '../../templates/index.ts';
import { deliverRendered } from './deliver-rendered.ts';
import type { DeliverLiveActivity } from '../live-activities/deliver-live-activity.ts';
import type { Deliverer, DelivererOptions } from './deliverer.ts';
import type { DeliveryJob } from './delivery-job.ts';
import type { Fate } from './fate.ts';
import { OPEN_GATE } from './gate.ts';
import { ANYONE, noProvider } from './provider.ts';
import { pushOfTexts } from './push-of-texts.ts';
import { renderFacts } from './render-facts.ts';
import type { RenderFacts } from './render-facts.ts';
import { renderLanguages } from './render-languages.ts';
import { throughProviders } from './through-providers.ts';

export interface PushDelivererOptions extends DelivererOptions {
  /** Through whom an app reaches a kind of device now, in ascending order; none when nobody is set up. */
  readonly providers: (
    appId: string,
    transport: PushTransport,
  ) => Promise<readonly AppProvider<RenderedPush>[]>;
  /** Whether devices of an app are asked to tell that they have shown a message. */
  readonly confirmsDelivery: (appId: string) => Promise<boolean>;
  readonly deliverLiveActivity: DeliverLiveActivity;
}

/** Push services keep a message so long for a device that is away, where its sender says nothing. */
const USUAL_TTL_S = 3 * 24 * 3_600;

/** Recipients in the hands of push services at a time, for one app: a fraction of a second's work. */
const AT_A_TIME = 2_000;

const NO_ACTIVITIES: Outcome = {
  state: 'failed',
  reason: 'only Apple’s devices have live activities',
};

const NO_SERVICE: Outcome = { state: 'failed', reason: 'the push service of this kind of device is no more' };

/**
 * Fills a push message in for each recipient, in their language, and hands it to the push service of their kind of
 * device. Each provider has its circuit: where one is down, the others go on.
 */
export function createPushDeliverer(options: PushDelivererOptions): Deliverer<PushContent> {
  const { renderer, circuits, clock } = options;

  async function deliver(job: DeliveryJob<PushContent>): Promise<Fate[]> {
    const facts = await renderFacts(job, options);
    const confirmsDelivery = await options.confirmsDelivery(job.message.appId);
    return inGroups<Recipient, PushTransport | null, Fate>(
      job.recipients,
      ({ type }) => pushTransportOf(type),
      async (transport, recipients) => {
        if (transport === null) return recipients.map(() => NO_SERVICE);
        const isActivity = job.message.content.liveActivity !== undefined;
        if (isActivity && transport !== 'ios_push') return recipients.map(() => NO_ACTIVITIES);
        return deliverBy(transport, { ...job, recipients }, { facts, confirmsDelivery });
      },
    );
  }

  async function deliverBy(
    transport: PushTransport,
    job: DeliveryJob<PushContent>,
    shared: { readonly facts: RenderFacts; readonly confirmsDelivery: boolean },
  ): Promise<Fate[]> {
    const { appId } = job.message;
    const providers = await options.providers(appId, transport);
    if (providers.length === 0) return job.recipients.map(() => noProvider(transport));
    return throughProviders(job.recipients, {
      circuits,
      clock,
      outlet: { appId, channel: transport },
      providers,
      attempt: job.attempt,
      isBack: job.isBack,
      send: (provider, recipients) => send(provider, { ...job, recipients }, shared),
    });
  }

  async function send(
    through: AppProvider<RenderedPush>,
    job: DeliveryJob<PushContent>,
    shared: { readonly facts: RenderFacts; readonly confirmsDelivery: boolean },
  ): Promise<Outcome[]> {
    const { message, recipients } = job;
    const { liveActivity: activity } = message.content;
    if (activity === undefined) return fillAndHandOver(through, job, shared);
    return options.deliverLiveActivity({ appId: message.appId, activity, recipients }, (reached) =>
      fillAndHandOver(through, { ...job, recipients: reached }, shared),
    );
  }

  async function fillAndHandOver(
    { channel, account }: AppProvider<RenderedPush>,
    { message, lane, recipients, attempt }: DeliveryJob<PushContent>,
    { facts, confirmsDelivery }: { readonly facts: RenderFacts; readonly confirmsDelivery: boolean },
  ): Promise<Outcome[]> {
    const { id: messageId, appId, contentId: key, content } = message;
    const rendered = await renderLanguages(renderer, { ...facts, key, content, recipients });
    const fill = pushOfTexts(content);
    const template = facts.shared.template;
    const expiresAt = clock.now() + (content.fields.ttl ?? USUAL_TTL_S) * 1_000;
    return deliverRendered<PushContent, RenderedPush, Outcome>({
      recipients,
      rendered,
      envelopeOf: (recipient, texts) => ({
        messageId,
        lane,
        recipient,
        content: { appId, template, ...fill(texts), confirmsDelivery, expiresAt },
        attempt: attempt(recipient.subscriptionId),
      }),
      handOver: (envelopes) => channel.deliver(account, envelopes),
    });
  }

  return {
    deliver,
    async provider({ appId, channel }) {
      if (channel === 'email' || channel === 'sms') return ANYONE;
      // A page is of several kinds of devices: what is held back is decided for each.
      if (channel === 'push') return { account: `push ${appId}`, recipients: AT_A_TIME, gate: OPEN_GATE };
      // Settings that have been changed since begin with a circuit of their own.
      circuits.of({ appId, channel }, await options.providers(appId, channel));
      return ANYONE;
    },
  };
}
