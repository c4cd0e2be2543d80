import { describe, expect, it } from 'vitest';
import type { RenderedPush } from '../rendered-push.ts';
import { writePayload } from './write-payload.ts';

const plain: RenderedPush = {
  appId: 'app',
  title: 'Packed',
  subtitle: 'not for browsers',
  body: 'Your parcel is on its way',
  template: null,
  fields: {},
  confirmsDelivery: false,
  expiresAt: 0,
};
const written = (more: Partial<RenderedPush>, isFirefox = false) =>
  JSON.parse(writePayload('message-1', { ...plain, ...more }, isFirefox).toString()) as Record<
    string,
    unknown
  >;

describe('the payload of a web push', () => {
  it('of words alone is the words and the id', () => {
    expect(written({})).toEqual({
      title: 'Packed',
      alert: 'Your parcel is on its way',
      custom: { i: 'message-1' },
    });
  });

  it('has every field of browsers under the name that workers know, and none of phones', () => {
    const fields: RenderedPush['fields'] = {
      chrome_web_icon: 'https://shop.example/icon.png',
      chrome_web_image: 'https://shop.example/large.png',
      chrome_web_badge: 'https://shop.example/badge.png',
      global_image: 'https://shop.example/any.png',
      large_icon: 'phone',
      chrome_icon: 'chrome app',
      web_push_topic: 'order-7',
      data: { order: 7, lines: [{ sku: 'tea' }] },
      url: 'https://shop.example/',
      web_url: 'https://shop.example/orders/7',
      app_url: 'shop://orders/7',
      web_buttons: [
        { id: 'track', text: 'Track it', url: 'https://shop.example/t', icon: 'https://shop.example/t.png' },
        { id: 'later', text: 'Later', url: 'do_not_open' },
      ],
      buttons: [{ id: 'phone', text: 'Phone' }],
    };
    expect(written({ fields, confirmsDelivery: true })).toEqual({
      title: 'Packed',
      alert: 'Your parcel is on its way',
      icon: 'https://shop.example/icon.png',
      image: 'https://shop.example/large.png',
      badge: 'https://shop.example/badge.png',
      tag: 'order-7',
      o: [
        { i: 'track', n: 'Track it', p: 'https://shop.example/t.png', u: 'https://shop.example/t' },
        { i: 'later', n: 'Later', u: 'do_not_open' },
      ],
      custom: {
        i: 'message-1',
        a: { order: 7, lines: [{ sku: 'tea' }] },
        u: 'https://shop.example/orders/7',
        rr: 'y',
      },
    });
  });

  it('takes what is for every platform where browsers have nothing of their own', () => {
    const fields = { global_image: 'https://shop.example/any.png', url: 'https://shop.example/' };
    expect(written({ fields })).toMatchObject({ image: fields.global_image, custom: { u: fields.url } });
  });

  it('gives Firefox its own icon, or that of the others', () => {
    const fields = { firefox_icon: 'fox.png', chrome_web_icon: 'icon.png' };
    expect(written({ fields }, true)['icon']).toBe('fox.png');
    expect(written({ fields }, false)['icon']).toBe('icon.png');
    expect(written({ fields: { chrome_web_icon: 'icon.png' } }, true)['icon']).toBe('icon.png');
    expect(written({ fields: { firefox_icon: 'fox.png' } }, false)).not.toHaveProperty('icon');
  });

  it('of a title alone has no text', () => {
    expect(written({ body: null })).not.toHaveProperty('alert');
  });

  it('is refused when there is nothing to show', () => {
    expect(() => written({ title: null, body: null })).toThrow(/must show every push/);
  });
});
