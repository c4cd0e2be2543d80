import { describe, expect, it } from 'vitest';
import type { TemplateContentBody } from '@carillon/wire';
import { checkContent } from './check-content.ts';
import { contentOfBody } from './content-of-body.ts';

const check = (body: TemplateContentBody) => () => checkContent(contentOfBody(body, null));
const push = (body: TemplateContentBody) => check({ contents: { en: 'Hello' }, ...body });
const sms = (body: TemplateContentBody) => check({ isSMS: true, contents: { en: 'Hello' }, ...body });
const email = (body: TemplateContentBody) => check({ email_body: 'Hello', ...body });
const https = 'must be an absolute https URL';

describe('a content', () => {
  it.each([
    push({ url: 'https://example.com/{{ path }}', app_url: 'shop://orders/7', web_url: '{{ link }}' }),
    push({ big_picture: 'a_drawable', chrome_web_image: 'http://example.com/a.png' }),
    push({
      web_buttons: [{ id: 'a', text: 'Go', url: 'https://example.com' }],
      data: { a: 'x'.repeat(2_000) },
    }),
    push({
      contents: { en: '{% raw %}{% for %}{% endraw %}' },
      ios_attachments: { a: 'https://example.com/a.png' },
    }),
    sms({ sms_from: `MG${'0'.repeat(32)}`, sms_media_urls: ['https://example.com/a.png'] }),
    sms({ sms_from: '+15550100000', contents: { en: '{% for a in b %}{{ a }}{% endfor %}' } }),
    sms({ sms_from: 'Carillon' }),
    sms({ sms_from: 'rcs:tea_shop_ab12cd34_agent' }),
    email({ email_from_address: 'a@example.com', email_reply_to_address: 'Shop <{{ plan }}@example.com>' }),
    email({ email_reply_to_address: 'Help <help@example.com>', email_bcc: ['a@example.com'] }),
  ])('passes: %#', (checked) => {
    expect(checked).not.toThrow();
  });

  it.each([
    [
      push({ url: 'http://example.com' }),
      `url ${https} such as https://example.com/path. Given: "http://example.com"`,
    ],
    [push({ web_url: '/orders' }), `web_url ${https}`],
    [push({ app_url: 'orders' }), 'app_url must be a URL of any scheme'],
    [push({ web_buttons: [{ id: 'a', text: 'b', url: 'x' }] }), `web_buttons[0].url ${https}`],
    [push({ chrome_web_icon: 'icon' }), 'chrome_web_icon must be an absolute https or http URL'],
    [push({ data: { a: 'x'.repeat(2_048) } }), 'data must be at most 2048 bytes of JSON; it is 2056'],
    [push({ headings: { de: 'Neu' } }), 'headings.en is required'],
    [
      push({ contents: { en: 'a', de: '\n {{ x | y }}' } }),
      'contents.de is not valid Liquid at line 2, column 2',
    ],
    [
      push({ contents: { en: 'a\nb{% for a in b %}{% endfor %}' } }),
      'contents.en is not valid Liquid at line 2, column 2: {% for %}',
    ],
    [
      push({ headings: { en: '{%- for a in b %}{% endfor %}' } }),
      'headings.en is not valid Liquid at line 1, column 1',
    ],
    [
      push({ subtitle: { en: '{% tablerow a in b %}{% endtablerow %}' } }),
      '{% tablerow %}: loops are not allowed',
    ],
    [push({ apns_alert: { body: '{% for a in b %}{% endfor %}' } }), 'apns_alert.body is not valid Liquid'],
    [push({ url: '{% for a in b %}{% endfor %}' }), 'url is not valid Liquid'],
    [push({ big_picture: '{{ x' }), 'big_picture is not valid Liquid'],
    [sms({ sms_from: 'rcs:tea shop' }), 'an RCS agent'],
    [sms({ sms_from: 'A name that is too long' }), 'sms_from must be a phone number such as'],
    [
      sms({ sms_media_urls: ['ftp://example.com/a'] }),
      'sms_media_urls[0] must be an absolute https or http URL',
    ],
    [email({ email_from_address: 'shop' }), 'email_from_address must be an email address'],
    [email({ email_reply_to_address: 'Help <help>' }), 'email_reply_to_address must be an email address'],
    [email({ email_bcc: ['a@example.com', 'b'] }), 'email_bcc[1] must be an email address'],
    [email({ email_bcc: ['{{ boss }}@example.com'] }), 'email_bcc[0] must be an email address'],
    [
      email({ email_bcc: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@example.com`) }),
      'email_bcc can have at most 5 addresses; it has 6',
    ],
    [email({ email_sender_domain: 'no domain' }), 'email_sender_domain must be a domain'],
  ])('is refused: %#', (checked, sentence) => {
    expect(checked).toThrow(sentence);
  });
});
