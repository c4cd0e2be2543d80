import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import type { StandIn } from '../../push/web-push/stand-in.ts';
import { endpointPath } from './endpoint-path.ts';
import { PushSubscriptions } from './push-subscription.ts';
import { readEndpointName } from './scripted-push-fault.ts';

/**
 * Has the sandbox's push service take what is for browsers of other push services, so that it arrives there as it
 * would with them, and plays the fault that the endpoint asks for. Subscriptions at the sandbox itself have no
 * stand-in.
 *
 * @param origin of the push service, which has the same keys as `signer`
 */
export function createStandIn(signer: TokenSigner, origin: string): StandIn {
  const subscriptions = new PushSubscriptions(signer);
  return (endpoint) => {
    if (URL.canParse(endpoint) && new URL(endpoint).origin === origin) return null;
    const holder = { kind: 'stand-in', endpoint } as const;
    const { pair, auth } = subscriptions.keysOf(holder);
    const token = subscriptions.issue({ holder, key: null });
    const { fault } = readEndpointName(endpoint.slice(endpoint.lastIndexOf('/') + 1));
    return {
      endpoint: origin + endpointPath(fault === null ? token : `${fault}.${token}`),
      keys: { publicKey: pair.getPublicKey(), auth },
    };
  };
}
