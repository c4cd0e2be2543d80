import { createECDH, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { decrypt } from 'http_ece';
import { describe, expect, it } from 'vitest';
import { encryptMessage, LARGEST_MESSAGE } from './encrypt-message.ts';
import { Unsendable } from './unsendable.ts';

const bytes = (text: string) => Buffer.from(text, 'base64url');

function browser() {
  const pair = createECDH('prime256v1');
  const publicKey = pair.generateKeys();
  return { pair, publicKey, auth: randomBytes(16) };
}

/** With a library that is not ours. */
function read(body: Buffer, { pair, auth }: ReturnType<typeof browser>): Buffer {
  return decrypt(body, { version: 'aes128gcm', privateKey: pair, authSecret: auth });
}

describe('a message for a browser', () => {
  it('is the one of RFC 8291, appendix A, for its keys and salt', () => {
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'));
    const keys = {
      publicKey: bytes(
        'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      ),
      auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
    };
    const salt = bytes('DGv6ra1nlYgDCS1FRnbzlw');
    const message = Buffer.from('When I grow up, I want to be a watermelon');
    expect(
      encryptMessage(message, keys, { pair, ours: pair.getPublicKey(), salt }).toString('base64url'),
    ).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    );
  });

  it('of any size that fits is read by its browser', () => {
    const reader = browser();
    const message = fc.uint8Array({ maxLength: LARGEST_MESSAGE, size: 'max' }).map((all) => Buffer.from(all));
    fc.assert(
      fc.property(message, (sent) => {
        const body = encryptMessage(sent, reader);
        expect(body.length).toBeLessThanOrEqual(4_096);
        expect(read(body, reader).equals(sent)).toBe(true);
      }),
      { numRuns: 60, examples: [[Buffer.alloc(0)], [randomBytes(LARGEST_MESSAGE)]] },
    );
  });

  it('is read by no other browser, and by nobody without the secret they share', () => {
    const [one, other] = [browser(), browser()];
    const body = encryptMessage(Buffer.from('for one'), one);
    expect(() => read(body, other)).toThrow(/authenticate/);
    expect(() => read(body, { ...one, auth: other.auth })).toThrow(/authenticate/);
  });

  it('has a key and a salt of its own each time', () => {
    const reader = browser();
    const [first, second] = [1, 2].map(() => encryptMessage(Buffer.from('twice'), reader));
    expect(first?.subarray(0, 16)).not.toEqual(second?.subarray(0, 16));
    expect(first?.subarray(21, 86)).not.toEqual(second?.subarray(21, 86));
  });

  it('is refused when it does not fit, with both sizes', () => {
    const message = Buffer.alloc(LARGEST_MESSAGE + 1);
    expect(() => encryptMessage(message, browser())).toThrow(
      new Unsendable(
        'the payload has 3994 bytes, and a push service takes at most 3993: shorten contents, data or addresses',
      ),
    );
  });

  it('is refused for a key that is on no curve', () => {
    const publicKey = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]);
    expect(() => encryptMessage(Buffer.from('x'), { ...browser(), publicKey })).toThrow(
      new Unsendable('web_p256 of the subscription is not a point of P-256'),
    );
  });
});
