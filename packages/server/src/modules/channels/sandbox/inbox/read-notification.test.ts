import { describe, expect, it } from 'vitest';
import { readNotification } from './read-notification.ts';

const NOTHING = {
  title: null,
  subtitle: null,
  body: null,
  icon: null,
  image: null,
  url: null,
  buttons: [],
  data: null,
};

describe('what a device shows of a payload', () => {
  it('of an iPhone is in aps.alert, with the picture and the buttons beside it', () => {
    const payload = {
      aps: { alert: { title: 'Packed', subtitle: 'Order 7', body: 'On its way' } },
      att: { image: 'https://shop.example/a.png' },
      buttons: [{ i: 'track', n: 'Track' }],
      custom: { i: 'x', u: 'https://shop.example/7', a: { order: 7 } },
    };
    expect(readNotification('ios_push', payload)).toEqual({
      title: 'Packed',
      subtitle: 'Order 7',
      body: 'On its way',
      icon: null,
      image: 'https://shop.example/a.png',
      url: 'https://shop.example/7',
      buttons: [{ id: 'track', text: 'Track' }],
      data: { order: 7 },
    });
    expect(readNotification('ios_push', { aps: { alert: 'Hi' } })).toEqual({ ...NOTHING, body: 'Hi' });
  });

  it('of an Android phone is in the data, or in a notification', () => {
    const data = { title: 'Packed', alert: 'On its way', custom: '{"u":"https://shop.example/7"}', o: '[]' };
    expect(readNotification('android_push', { message: { data } })).toEqual({
      ...NOTHING,
      title: 'Packed',
      body: 'On its way',
      url: 'https://shop.example/7',
    });
    const notification = { title: 'T', body: 'B', image: 'https://shop.example/a.png' };
    expect(readNotification('android_push', { message: { notification } })).toEqual({
      ...NOTHING,
      title: 'T',
      body: 'B',
      image: 'https://shop.example/a.png',
    });
  });

  it('of a Huawei phone is in the notification that its system shows, or in the data that its SDK shows', () => {
    const notification = {
      title: 'Packed',
      body: 'On its way',
      image: 'https://shop.example/a.png',
      buttons: [{ name: 'Track', action_type: 0, data: '{"actionId":"track"}' }],
      click_action: { type: 2, url: 'https://shop.example/7' },
    };
    expect(readNotification('huawei_push', { message: { android: { notification } } })).toEqual({
      ...NOTHING,
      title: 'Packed',
      body: 'On its way',
      image: 'https://shop.example/a.png',
      url: 'https://shop.example/7',
      buttons: [{ id: 'track', text: 'Track' }],
    });
    const data = JSON.stringify({ title: 'T', alert: 'B', custom: '{"a":{"order":7}}' });
    expect(readNotification('huawei_push', { message: { data } })).toEqual({
      ...NOTHING,
      title: 'T',
      body: 'B',
      data: { order: 7 },
    });
  });

  it('of an Amazon device is in the data', () => {
    const data = { title: 'Packed', alert: 'On its way', licon: 'https://shop.example/l.png' };
    expect(readNotification('amazon_push', { data })).toEqual({
      ...NOTHING,
      title: 'Packed',
      body: 'On its way',
      icon: 'https://shop.example/l.png',
    });
  });

  it('of a browser is JSON of ours, of others, or any text', () => {
    const ours = { title: 'T', alert: 'B', icon: 'https://shop.example/i.png', custom: { i: 'x' } };
    expect(readNotification('web_push', ours)).toMatchObject({ title: 'T', body: 'B', icon: ours.icon });
    expect(readNotification('web_push', { title: 'T', body: 'B' })).toMatchObject({ title: 'T', body: 'B' });
    expect(readNotification('web_push', 'Hello')).toEqual({ ...NOTHING, body: 'Hello' });
  });

  it.each(['ios_push', 'android_push', 'huawei_push', 'amazon_push', 'web_push'] as const)(
    'of %s is nothing where it is of no known shape',
    (channel) => {
      for (const payload of [null, 7, [], {}, { aps: 1, message: [], custom: 'x', o: {} }, '']) {
        expect(readNotification(channel, payload)).toEqual(NOTHING);
      }
    },
  );
});
