import type { Clock } from '../../../platform/clock.ts';
import type { Content, EmailContent, PushContent, SmsContent } from '../../templates/index.ts';
import type { Outcome } from '../../channels/index.ts';
import type { Message } from '../message.ts';
import type { Renderer } from '../rendering/index.ts';
import type { Circuits, Outlet } from './circuits.ts';
import type { DeliveryJob } from './delivery-job.ts';
import type { Fate } from './fate.ts';
import type { Provider } from './provider.ts';
import type { RenderFactsOptions } from './render-facts.ts';

/** Where pages go: of a message, or of whatever an app sends that way. */
export type Towards<Said extends Content = Content> = Outlet & Partial<Pick<Message<Said>, 'content'>>;

/** Fills messages of a channel in for their recipients, and hands them to the app's providers. */
export interface Deliverer<Said extends Content = Content> {
  /** An outcome for each recipient, in their order. */
  readonly deliver: (job: DeliveryJob<Said>) => Promise<readonly Fate[]>;
  readonly provider: (towards: Towards<Said>) => Promise<Provider>;
}

/** What every deliverer has. */
export interface DelivererOptions extends RenderFactsOptions {
  readonly renderer: Pick<Renderer, 'render'>;
  readonly circuits: Circuits;
  readonly clock: Clock;
}

export interface Deliverers {
  readonly email: Deliverer<EmailContent>;
  readonly push: Deliverer<PushContent>;
  readonly sms: Deliverer<SmsContent>;
}

/** Delivers every message by the channel that its content is for. */
export function deliverByChannel({ email, push, sms }: Deliverers): Deliverer {
  return {
    deliver(job) {
      const { content } = job.message;
      switch (content.channel) {
        case 'email':
          return email.deliver({ ...job, message: { ...job.message, content } });
        case 'push':
          return push.deliver({ ...job, message: { ...job.message, content } });
        case 'sms':
          return sms.deliver({ ...job, message: { ...job.message, content } });
      }
    },
    provider({ appId, channel, content }) {
      const outlet = { appId, channel };
      if (channel === 'email') {
        return email.provider({ ...outlet, ...(content?.channel === 'email' && { content }) });
      }
      return channel === 'sms' ? sms.provider(outlet) : push.provider(outlet);
    },
  };
}

export const NO_ANSWER: Outcome = { state: 'retry', reason: 'the channel gave no answer', afterMs: null };
