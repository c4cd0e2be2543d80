import { describe, expect, it } from 'vitest';
import { TokenSigner, newMasterKey, parseMasterKeys } from '../../../../platform/crypto/index.ts';
import { PushSubscriptions } from './push-subscription.ts';
import { createStandIn } from './stand-in.ts';

const ORIGIN = 'http://127.0.0.1:2528';
const signer = new TokenSigner(parseMasterKeys(newMasterKey()));
const standIn = createStandIn(signer, ORIGIN);
const nameOf = (endpoint: string) => standIn(endpoint)?.endpoint.replace(`${ORIGIN}/wpush/v2/`, '') ?? '';

describe('who stands in for a browser', () => {
  it('is named by the endpoint of the browser, and has the same keys each time', () => {
    const endpoint = 'https://push.example/send/abc?x=1';
    const holder = { kind: 'stand-in', endpoint } as const;
    const subscriptions = new PushSubscriptions(signer);
    expect(subscriptions.open(nameOf(endpoint))).toEqual({ holder, key: null });
    const { pair, auth } = subscriptions.keysOf(holder);
    expect(standIn(endpoint)?.keys).toEqual({ publicKey: pair.getPublicKey(), auth });
    expect(standIn(endpoint)).toEqual(standIn(endpoint));
    expect(standIn('https://push.example/send/abd')?.keys).not.toEqual(standIn(endpoint)?.keys);
  });

  it('plays the fault that the endpoint asks for', () => {
    expect(nameOf('https://push.example/gone.7')).toMatch(/^gone\../);
    expect(nameOf('https://gone.example/7')).not.toMatch(/^gone\./);
  });

  it('is nobody where the browser has subscribed at the sandbox', () => {
    expect(standIn(`${ORIGIN}/wpush/v2/abc`)).toBeNull();
  });
});
