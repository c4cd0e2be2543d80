import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '@carillon/test-kit';
import type { Recipient } from '../../identity/index.ts';
import { EMPTY_EMAIL } from '../../templates/index.ts';
import type { EmailContent, PushContent } from '../../templates/index.ts';
import { createRenderer } from './index.ts';
import type { Renderer, RenderJob, RenderResult } from './index.ts';

let renderer: Renderer;
beforeAll(() => {
  const log = pino({ level: 'silent' });
  renderer = createRenderer({ workers: 1, clock: new FakeClock('2026-11-03T09:05:07Z'), log });
});
afterAll(() => renderer.close());

const person: Recipient = {
  lane: 7,
  subscriptionId: '5b0ff4c2-0000-4000-8000-000000000007',
  userId: '0a4e2a14-0000-4000-8000-000000000007',
  type: 'Email',
  channel: 'email',
  token: 'ada@example.com',
  reachable: true,
  device: null,
  externalId: 'ada',
  language: 'en',
  timezoneId: 'Europe/Oslo',
  country: 'NO',
  tags: { first_name: 'Ada', plan: 'gold' },
};

const shared: RenderJob['shared'] = {
  message: {
    id: '01928c6e-0000-7000-8000-000000000000',
    name: 'Receipt',
    template_id: null,
    custom_data: { order: { items: [{ name: 'Bell' }, { name: 'Rope' }] }, users: { ada: { points: 12 } } },
  },
  template: { id: 't-1', name: 'Receipt' },
  app: { id: 'a-1', name: 'Shop' },
  org: { id: 'o-1', name: 'Shops' },
};

function email(body: string, more: Partial<EmailContent> = {}): EmailContent {
  return { ...EMPTY_EMAIL, subject: 'Hello', body, ...more };
}

let key = 0;
async function renderAll(
  content: EmailContent,
  recipients: readonly Recipient[],
  more: Partial<RenderJob> = {},
): Promise<readonly RenderResult[]> {
  key += 1;
  return renderer.render({ key: `content ${key}`, content, shared, recipients, ...more });
}

/** The body, or why there is none. */
function outcomeOf(result: RenderResult | undefined): string {
  if (result === undefined) return 'no result';
  return result.ok ? result.texts.html : result.reason;
}

/** The body as `person` gets it, with some things changed about them. */
async function bodyOf(
  body: string,
  change: Partial<Recipient> = {},
  more: Partial<RenderJob> = {},
): Promise<string> {
  const [result] = await renderAll(email(body), [{ ...person, ...change }], more);
  return outcomeOf(result);
}

function named(...names: string[]): Recipient[] {
  return names.map((name) => ({ ...person, tags: { name } }));
}

describe('what templates see', () => {
  it.each([
    ['Hi {{ first_name }}!', 'Hi Ada!'],
    ['{{ user.tags.plan }} {{ user.tags["plan"] }}', 'gold gold'],
    ['{% for tag in user.tags %}{{ tag[0] }}={{ tag[1] }} {% endfor %}', 'first_name=Ada plan=gold '],
    ['{% assign u = user %}{{ u.tags.plan }} {{ u.language }}', 'gold en'],
    ['{% assign key = "plan" %}{{ user.tags[key] }}', 'gold'],
    ['{% assign key = "plan" %}{{ [key] }}', 'gold'],
    ['{{ user.tags.size }}', '2'],
    ['{{ user.external_id }} {{ user.onesignal_id }} {{ user.language }}', `ada ${person.userId} en`],
    ['{{ subscription.id }} {{ subscription.email }}', `${person.subscriptionId} ada@example.com`],
    ['{{ subscription.phone_number }}{{ subscription.external_id }}', 'ada'],
    ['{{ message.name }} {{ template.name }} {{ app.name }}', 'Receipt Receipt Shop'],
    ['{% for i in message.custom_data.order.items %}{{ i.name }},{% endfor %}', 'Bell,Rope,'],
    ['{{ message.custom_data.users[subscription.external_id].points }}', '12'],
    ['{% assign m = message.custom_data.users[user.external_id] %}{{ m.points }}', '12'],
    ['{{ org.name }} {{ org.id }}', 'Shops o-1'],
    ['{{ "now" | date: "%F %R", user.timezone_id }}', '2026-11-03 10:05'],
    ['{{ missing }}{{ user.nothing.at.all }}{{ org.nothing }}|', '|'],
    ['{% if missing %}a{% else %}b{% endif %}{% if first_name == "Ada" %}c{% endif %}', 'bc'],
    ['a {%- if true %} b {% endif -%} c', 'a b c'],
    ['{{ first_name }}{% break %}never', 'Ada'],
    ['{{ "not base64!" | base64_decode }}rest', 'rest'],
    ['<b>{{ "<i>" }}{{ "<i>" | escape }}</b>', '<b><i>&lt;i&gt;</b>'],
    ['no Liquid at all', 'no Liquid at all'],
  ])('%s', async (body, expected) => {
    expect(await bodyOf(body)).toBe(expected);
  });

  // One recipient of a template that only shows values is filled in on the spot, a crowd in the process.
  it.each([
    ['{{ first_name }}, {{ message.custom_data.users.ada.points }} {{ missing | default: "points" }}'],
    ['{{ message.custom_data.order }}{{ user.tags }}{{ dynamic_content.word }}'],
    ['{{ user.subscriptions }} {{ template.name }} {{ first_name.name }}'],
  ])('is the same alone and in a crowd: %s', async (body) => {
    const content = email(body, { dynamicContent: { word: 'spring' } });
    const crowd = await renderAll(
      content,
      Array.from({ length: 20 }, () => person),
    );
    const alone = await renderAll(content, [person], { explain: true });
    expect(new Set(crowd.map(outcomeOf))).toEqual(new Set(alone.map(outcomeOf)));
  });

  it('keeps objects from being hidden by tags of their names', async () => {
    expect(await bodyOf('{{ user.language }}{{ app.name }}', { tags: { user: 'x', app: 'y' } })).toBe(
      'enShop',
    );
  });

  it('tells a missing tag from an empty one', async () => {
    const body = '{% if plan %}yes{% else %}no{% endif %}';
    expect(await bodyOf(body, { tags: { plan: '' } })).toBe('yes');
    expect(await bodyOf(body, { tags: {} })).toBe('no');
  });

  it('asks for an unsubscribe token only when it is used', async () => {
    let asked = 0;
    const unsubscribeToken = ({ subscriptionId }: Recipient) => `token ${++asked} of ${subscriptionId}`;
    expect(await bodyOf('{{ first_name }}', {}, { unsubscribeToken })).toBe('Ada');
    expect(await bodyOf('{{ subscription.unsubscribe_token }}', {}, { unsubscribeToken })).toBe(
      `token 1 of ${person.subscriptionId}`,
    );
  });

  it('asks for the subscriptions of users only when they are used', async () => {
    let asked = 0;
    const subscriptionsOf: RenderJob['subscriptionsOf'] = async (recipients) => {
      asked += 1;
      const push = { id: 's-2', type: 'iOSPush', subscription_token: 'ab', enabled: true };
      return new Map(recipients.map(({ userId }) => [userId, [push, { ...push, id: 's-3' }]]));
    };
    expect(await bodyOf('{{ first_name }}', {}, { subscriptionsOf })).toBe('Ada');
    expect(asked).toBe(0);
    const list = '{% for s in user.subscriptions %}{{ s.id }}:{{ s.type }} {% endfor %}{{ first_name }}';
    expect(await bodyOf(list, {}, { subscriptionsOf })).toBe('s-2:iOSPush s-3:iOSPush Ada');
    expect(await bodyOf('{{ user.subscriptions[1].subscription_token }}', {}, { subscriptionsOf })).toBe(
      'ab',
    );
    expect(await bodyOf('{{ user.subscriptions.size }}')).toBe('0');
  });

  it('shows the dynamic content that the content brings along', async () => {
    const dynamicContent = { spring: { A: { title: 'Tulips' }, gold: { title: 'Roses' } } };
    const content = email('{{ dynamic_content.spring.A.title }} {{ dynamic_content.spring[plan].title }}', {
      dynamicContent,
    });
    expect((await renderAll(content, [person])).map(outcomeOf)).toEqual(['Tulips Roses']);
    expect(await bodyOf('{{ dynamic_content.spring.A.title }}|')).toBe('|');
  });

  it('fills every text of an email, and leaves out what the content leaves out', async () => {
    const content = email('<p>{{ first_name }}</p>', {
      subject: '{{ first_name }}, {{ plan }}',
      replyTo: '{{ plan }}@example.com',
      fromName: 'Shop',
    });
    expect(await renderAll(content, [person])).toEqual([
      {
        ok: true,
        texts: {
          subject: 'Ada, gold',
          html: '<p>Ada</p>',
          text: 'Ada',
          preheader: null,
          fromName: 'Shop',
          fromAddress: null,
          replyTo: 'gold@example.com',
        },
      },
    ]);
  });

  it('does without a plain text when the body hides tags in its markup', async () => {
    const content = email('<a {% if plan %}title="{{ plan }}">go{% else %}>stay{% endif %}</a>');
    expect(await renderAll(content, [person])).toMatchObject([
      { ok: true, texts: { html: '<a title="gold">go</a>', text: null } },
    ]);
  });

  it('keeps a variable within its text', async () => {
    const subject = '{% assign x = "s" %}{{ x }}{% increment n %}';
    const results = await renderAll(email('{{ x }}|{% increment n %}', { subject }), [person]);
    expect(results).toMatchObject([{ texts: { subject: 's0', html: '|0', text: '|0' } }]);
  });
});

describe('push and SMS', () => {
  const push: PushContent = {
    channel: 'push',
    fields: {
      contents: { en: 'Hello {{ first_name }}', no: 'Hei {{ first_name }}' },
      headings: { en: 'News' },
      url: 'https://shop.example/{{ plan }}',
      apns_alert: { body: '{{ first_name }}!', 'loc-args': ['{{ never }}'] },
      data: { note: '{{ never }}' },
    },
    platforms: {},
    dynamicContent: null,
  };

  it('are filled in in the language of their readers, and never their data', async () => {
    const job = { key: 'a push', content: push, shared, recipients: [person] };
    const others = {
      headings: 'News',
      url: 'https://shop.example/gold',
      'apns_alert.body': 'Ada!',
    };
    expect(await renderer.render({ ...job, language: 'no' })).toEqual([
      { ok: true, texts: { contents: 'Hei Ada', ...others } },
    ]);
    expect(await renderer.render({ ...job, language: 'fr' })).toEqual([
      { ok: true, texts: { contents: 'Hello Ada', ...others } },
    ]);
  });

  it('have links that a filter names', async () => {
    const contents = { en: `Order: {{ 'https://shop.example/o' | track_link }}` };
    const content = { channel: 'sms', contents, from: null, mediaUrls: [], dynamicContent: null } as const;
    expect(await renderer.render({ key: 'an sms', content, shared, recipients: [person] })).toEqual([
      { ok: true, texts: { contents: 'Order: https://shop.example/o' } },
    ]);
  });
});

describe('many at once', () => {
  const crowd = Array.from({ length: 3000 }, (_, index) => ({
    ...person,
    externalId: `user-${index}`,
    tags: { first_name: `N${index}` },
  }));

  it('gives the results in the order of the recipients', async () => {
    const results = await renderAll(email('{{ first_name }} {{ user.external_id }}'), crowd);
    expect(results.map(outcomeOf)).toEqual(crowd.map((_, index) => `N${index} user-${index}`));
  });

  it('lets a small job pass a large one', async () => {
    const order: string[] = [];
    const large = renderAll(email('{{ first_name }}'), crowd).then(() => order.push('large'));
    const small = bodyOf('{{ first_name }}').then(() => order.push('small'));
    await Promise.all([large, small]);
    expect(order).toEqual(['small', 'large']);
  });

  it('remembers more contents than the process does', async () => {
    const jobs = Array.from({ length: 250 }, (_, index) => {
      const content = email(`${index} {{ first_name }}`);
      return { key: `one of many ${index}`, content, shared, recipients: [person] };
    });
    for (let round = 0; round < 2; round += 1) {
      const results = await Promise.all(jobs.map((job) => renderer.render(job)));
      expect(results.map(([result]) => outcomeOf(result))).toEqual(jobs.map((_, index) => `${index} Ada`));
    }
  });
});

describe('templates that misbehave', () => {
  it('tell where parts have failed, when they are asked', async () => {
    const body = `a\n {{ "not base64!" | base64_decode }}{{ first_name }}`;
    expect(await renderAll(email(body), [person], { explain: true })).toMatchObject([
      {
        ok: true,
        texts: { html: 'a\n Ada' },
        faults: [{ text: 'html', line: 2, column: 2 }, { text: 'text' }],
      },
    ]);
    expect(await renderAll(email('{{ first_name }}'), [person], { explain: true })).toMatchObject([
      { faults: [] },
    ]);
  });

  it('fail for those whose rendering takes too long, and for nobody else', async () => {
    const body =
      '{{ name }}{% if name == "slow" %}{% for a in (1..9999) %}{% for b in (1..9999) %}{{ b }}{% endfor %}{% endfor %}{% endif %}';
    expect((await renderAll(email(body), named('a', 'slow', 'b'))).map(outcomeOf)).toEqual([
      'a',
      'the template took too long to render',
      'b',
    ]);
  });

  it('fail for those whose rendering takes too much memory', async () => {
    const body = '{{ name }}{% if name == "big" %}{% for a in (1..1000000000) %}{% endfor %}{% endif %}';
    expect((await renderAll(email(body), named('a', 'big', 'b'))).map(outcomeOf)).toEqual([
      'a',
      'the template took too much memory to render',
      'b',
    ]);
  });

  it('are found out when they hold the process and heed no limit', async () => {
    const stuck = '{% assign s = (1..2000000) | sort | sort | sort | sort %}';
    const body = `{{ name }}{% if name == "stuck" %}${stuck}{% endif %}`;
    expect((await renderAll(email(body), named('a', 'b', 'stuck', 'c'))).map(outcomeOf)).toEqual([
      'a',
      'b',
      'the template took too long to render',
      'c',
    ]);
    expect(await bodyOf('{{ first_name }}')).toBe('Ada');
  });

  it('are found out when they fill the memory of the process', async () => {
    // Three texts of 16 characters doubled 24 times, never put together until they are searched.
    const texts = ['s', 't', 'u'].map((name) => {
      const double = `{% capture ${name} %}{{ ${name} }}{{ ${name} }}{% endcapture %}`;
      return `{% assign ${name} = "0123456789abcde${name}" %}${double.repeat(24)}`;
    });
    const big = `${texts.join('')}{% if s contains "z" or t contains "z" or u contains "z" %}{% endif %}`;
    const body = `{{ name }}{% if name == "big" %}${big}{% endif %}`;
    expect((await renderAll(email(body), named('a', 'big', 'b'))).map(outcomeOf)).toEqual([
      'a',
      'the template took too much memory to render',
      'b',
    ]);
  });

  it('fail when what they make is too long to be an email', async () => {
    const double = '{% capture s %}{{ s }}{{ s }}{% endcapture %}';
    const long = `{% assign s = "0123456789abcdef" %}${double.repeat(16)}{{ s }}`;
    const results = await renderAll(
      email(`{{ name }}{% if name == "long" %}${long}{% endif %}`),
      named('a', 'long'),
    );
    expect(results.map(({ ok }) => ok)).toEqual([true, false]);
    expect(outcomeOf(results[1])).toBe('the template took too much memory to render');
  });

  it('cannot be rendered when their Liquid was never checked and is wrong', async () => {
    expect((await renderAll(email('{% if %}'), named('a'))).map(outcomeOf)).toEqual([
      'the template cannot be rendered',
    ]);
  });
});
