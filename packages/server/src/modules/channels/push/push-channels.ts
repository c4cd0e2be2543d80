import type { Clock } from '../../../platform/clock.ts';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import type { Channel } from '../channel.ts';
import type { SandboxPlaces } from '../sandbox/places.ts';
import { createStandIn } from '../sandbox/push-service/stand-in.ts';
import { AdmChannel } from './adm/adm-channel.ts';
import { ApnsChannel } from './apns/apns-channel.ts';
import { FcmChannel } from './fcm/fcm-channel.ts';
import { HuaweiChannel } from './huawei/huawei-channel.ts';
import { WebPushChannel } from './web-push/web-push-channel.ts';

export interface PushChannelsOptions {
  readonly clock: Clock;
  readonly signer: TokenSigner;
  readonly outboundAllowed: readonly string[];
  readonly sandbox: SandboxPlaces | null;
}

/** What speaks to each push service. */
export function createPushChannels(options: PushChannelsOptions): Channel<never, never>[] {
  const { clock, signer, outboundAllowed, sandbox } = options;
  return [
    new WebPushChannel({
      clock,
      outboundAllowed,
      sandboxOrigin: () => sandbox?.webPushOrigin ?? null,
      ...(sandbox !== null && { standIn: createStandIn(signer, sandbox.webPushOrigin) }),
    }),
    new ApnsChannel({ clock, outboundAllowed }),
    new FcmChannel({ clock, outboundAllowed }),
    new HuaweiChannel({ clock, outboundAllowed }),
    new AdmChannel({ clock, outboundAllowed }),
  ];
}
