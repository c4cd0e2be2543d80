import { describe, expect, it } from 'vitest';
import { smsTo } from '../fixtures/sms-rig.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import { writeMessage } from './write-message.ts';

const write = (content: Partial<RenderedSms>, reportsTo: string | null = null) =>
  writeMessage(smsTo('+4915112345', content), '+15550100000', reportsTo);

describe('a message as Vonage takes it', () => {
  it('names numbers without their plus, and the alphabet of its text', () => {
    const common = { channel: 'sms', from: '15550100000', to: '4915112345', message_type: 'text' };
    expect(write({ text: 'Packed: 5 €' })).toMatchObject({
      body: { ...common, text: 'Packed: 5 €', sms: { encoding_type: 'text' } },
    });
    expect(write({ text: 'Упаковано' })).toMatchObject({ body: { sms: { encoding_type: 'unicode' } } });
    expect(write({ from: 'TeaShop' })).toMatchObject({ body: { from: 'TeaShop' } });
  });

  it('says where its fate is told, and names its delivery in at most a hundred characters', () => {
    const written = write({}, 'https://carillon.example/x') as { body: Record<string, string> };
    expect(written.body).toMatchObject({ webhook_url: 'https://carillon.example/x', webhook_version: 'v1' });
    expect(written.body['client_ref']?.length).toBeLessThanOrEqual(100);
    expect(write({})).not.toHaveProperty('body.webhook_url');
  });

  it.each([
    ['https://shop.example/a.JPG', 'image'],
    ['https://shop.example/a.mp4?x=.png', 'video'],
    ['https://shop.example/a.mp3', 'audio'],
    ['https://shop.example/card.vcf', 'vcard'],
    ['https://shop.example/a.pdf', 'file'],
  ])('carries %s as %s', (url, kind) => {
    expect(write({ text: 'Look', mediaUrls: [url] })).toMatchObject({
      body: { channel: 'mms', message_type: kind, [kind]: { url, caption: 'Look' } },
    });
  });

  it.each<[string, Partial<RenderedSms>, RegExp]>([
    ['more characters than Vonage takes', { text: 'x'.repeat(1_001) }, /1000 characters by sms.*1001/],
    ['a service of Twilio', { from: `MG${'0'.repeat(32)}` }, /Twilio/],
    ['two files', { mediaUrls: ['https://a.example/1.png', 'https://a.example/2.png'] }, /one file/],
    ['RCS of both', { from: 'rcs:TeaShop', mediaUrls: ['https://a.example/1.png'] }, /and not both/],
  ])('is not written with %s', (_, content, fault) => {
    expect(write(content)).toEqual({ fault: expect.stringMatching(fault) });
  });
});
