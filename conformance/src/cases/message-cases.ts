import { until } from '@carillon/test-kit';
import { inEveryVoice, once } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import { absent, each, exactly, integer, uuid, without } from '../wire/checks.ts';
import { expectAnswer, expectHeader, expectSentence, textAt } from '../wire/expect-answer.ts';
import { message } from './models.ts';
import { newUser } from './new-user.ts';
import { newTemplate } from './template-cases.ts';

const NOBODY = 'All included players are not subscribed';
const CONTENT = { email_subject: 'Conformance', email_body: '<p>Hello</p>' };

/** A message for tomorrow, so that it can be cancelled and nothing goes out. */
function forTomorrow(caller: Caller, externalIds: readonly string[]): Record<string, unknown> {
  return {
    app_id: caller.app,
    target_channel: 'email',
    include_aliases: { external_id: externalIds },
    // As the Node client writes a Date.
    send_after: new Date(Date.now() + 86_400_000).toISOString(),
    ...CONTENT,
  };
}

function pathOf(caller: Caller, id: string): string {
  return `/notifications/${id}?app_id=${caller.app}`;
}

export const messageCases: readonly Case[] = [
  inEveryVoice(
    ['createNotification'],
    'answers 200 with an id, ignoring ?c=email and unknown keys',
    async (caller) => {
      const { externalId } = await newUser(caller);
      const body = {
        ...forTomorrow(caller, [externalId]),
        a_key_nobody_knows: [1],
        value: null,
        aggregation: null,
      };
      const answer = await caller.call('POST', '/notifications?c=email', body);
      expectAnswer(answer, 200, { id: uuid, external_id: null, errors: absent });
      expectHeader(answer, 'Idempotent-Replayed', null);
      expectAnswer(await caller.call('DELETE', pathOf(caller, textAt(answer, 'id'))), 200);
    },
  ),
  inEveryVoice(
    ['createNotification'],
    'answers an idempotency key again with the first answer, and says so in a header',
    async (caller) => {
      const { externalId } = await newUser(caller);
      for (const field of ['idempotency_key', 'external_id']) {
        const key = caller.newId();
        const body = { ...forTomorrow(caller, [externalId]), [field]: key };
        const first = await caller.call('POST', '/notifications', body);
        expectAnswer(first, 200, { id: uuid, external_id: key });
        expectHeader(first, 'Idempotent-Replayed', null);
        const second = await caller.call('POST', '/notifications', body);
        expectAnswer(second, 200, { id: textAt(first, 'id'), external_id: key });
        expectHeader(second, 'Idempotent-Replayed', 'true');
        expectAnswer(await caller.call('DELETE', pathOf(caller, textAt(first, 'id'))), 200);
      }
    },
  ),
  inEveryVoice(
    ['createNotification'],
    'answers 200 with an empty id when nobody is subscribed',
    async (caller) => {
      const { externalId, email, subscriptionId } = await newUser(caller);
      await caller.call('PATCH', `/apps/${caller.app}/subscriptions/${subscriptionId}`, {
        subscription: { type: 'Email', token: email, enabled: false },
      });
      for (const name of [externalId, caller.newName('nobody')]) {
        const answer = await caller.call('POST', '/notifications', forTomorrow(caller, [name]));
        expectAnswer(answer, 200, { id: '', errors: [NOBODY] });
      }
      const wrongLabel = { ...forTomorrow(caller, []), include_aliases: { ExternalIds: [externalId] } };
      expectAnswer(await caller.call('POST', '/notifications', wrongLabel), 200, {
        id: '',
        errors: [NOBODY],
      });
    },
  ),
  inEveryVoice(
    ['createNotification'],
    'names targets that are unsubscribed, once for each subscription',
    async (caller) => {
      const [on, off] = [await newUser(caller), await newUser(caller)];
      const second = { subscription: { type: 'Email', token: caller.newEmail('second'), enabled: false } };
      expectAnswer(await caller.call('POST', `${off.path}/subscriptions`, second), [201, 202]);
      await caller.call('PATCH', `/apps/${caller.app}/subscriptions/${off.subscriptionId}`, {
        subscription: { enabled: false },
      });
      const names = [on.externalId, off.externalId, caller.newName('nobody')];
      const answer = await caller.call('POST', '/notifications', forTomorrow(caller, names));
      expectAnswer(answer, 200, {
        id: uuid,
        errors: exactly({ invalid_aliases: exactly({ external_id: [off.externalId, off.externalId] }) }),
      });
      expectAnswer(await caller.call('DELETE', pathOf(caller, textAt(answer, 'id'))), 200);
      const { include_aliases: _, target_channel: __, ...rest } = forTomorrow(caller, []);
      const byId = { ...rest, include_subscription_ids: [on.subscriptionId, off.subscriptionId] };
      const told = await caller.call('POST', '/notifications', byId);
      expectAnswer(told, 200, { id: uuid, errors: exactly({ invalid_player_ids: [off.subscriptionId] }) });
      expectAnswer(await caller.call('DELETE', pathOf(caller, textAt(told, 'id'))), 200);
    },
  ),
  inEveryVoice(
    ['createNotification'],
    'subscribes addresses that it does not know, and takes the old names of targets',
    async (caller) => {
      const { include_aliases: _, target_channel: __, ...rest } = forTomorrow(caller, []);
      const address = caller.newEmail('address');
      const sendTo = async (targets: object) => {
        const answer = await caller.call('POST', '/notifications', { ...rest, ...targets });
        expectAnswer(answer, 200, { id: uuid });
        expectAnswer(await caller.call('DELETE', pathOf(caller, textAt(answer, 'id'))), 200);
      };
      await sendTo({ email_to: [address] });
      await sendTo({ include_email_tokens: [address] });
      const on = await newUser(caller);
      await sendTo({ include_player_ids: [on.subscriptionId] });
      await sendTo({
        include_external_user_ids: [on.externalId],
        channel_for_external_user_ids: 'email',
      });
    },
  ),
  inEveryVoice(['createNotification'], 'takes up to five addresses for copies', async (caller) => {
    const { externalId } = await newUser(caller);
    const body = forTomorrow(caller, [externalId]);
    const copies = Array.from({ length: 6 }, (_, index) => caller.newEmail(`copy-${index}`));
    const answer = await caller.call('POST', '/notifications', { ...body, email_bcc: copies.slice(1) });
    expectAnswer(answer, 200, { id: uuid });
    const path = pathOf(caller, textAt(answer, 'id'));
    expectAnswer(await caller.call('GET', path), 200, { bcc_sent: 0 });
    expectAnswer(await caller.call('DELETE', path), 200);
    expectAnswer(await caller.call('POST', '/notifications', { ...body, email_bcc: copies }), 400);
  }),
  inEveryVoice(['createNotification'], 'refuses in the documented words', async (caller) => {
    const send = (body: object) =>
      caller.call('POST', '/notifications', { app_id: caller.app, ...CONTENT, ...body });
    expectSentence(
      await send({}),
      400,
      'You must include which players, segments, or tags you wish to send this notification to.',
    );
    expectSentence(
      await send({ include_subscription_ids: ['12'] }),
      400,
      /^Incorrect subscription_id format in include_subscription_ids \(not a valid UUID\): \[.*12.*\]$/,
    );
    expectSentence(
      await send({ app_id: 'mine', included_segments: ['All'] }),
      400,
      'app_id must be a valid UUID',
    );
  }),
  inEveryVoice(['createNotification'], 'refuses a caller without a good key', async (caller) => {
    const body = { app_id: caller.app, included_segments: ['All'], ...CONTENT };
    const wanted =
      /^Access denied\. {2}Please include an 'Authorization: \.\.\.' header with a valid API key \(.+\)\.$/;
    expectSentence(await caller.callWithoutKey('POST', '/notifications', body), 403, wanted);
    expectSentence(await caller.callWith('os_v2_app_wrong', 'POST', '/notifications', body), 403, wanted);
  }),
  once(
    ['createNotification'],
    'tells of a missing app_id, an empty body and a wrong Content-Type',
    async (caller) => {
      const authorization = { Authorization: `Key ${caller.stage.appKey}` };
      const json = { ...authorization, 'Content-Type': 'application/json' };
      const wanted = {
        errors: ['app_id not found. You may be missing a Content-Type: application/json header.'],
        reference: ['/docs/accounts-and-keys#section-keys-ids'],
      };
      const letters = [
        { headers: json, body: JSON.stringify(CONTENT) },
        { headers: json },
        { headers: authorization },
        { headers: { ...authorization, 'Content-Type': 'text/plain' }, body: 'app_id=1' },
      ];
      for (const letter of letters) {
        expectAnswer(await caller.sendLetter('POST', '/notifications', letter), 400, wanted);
      }
    },
  ),
  inEveryVoice(
    ['createNotification', 'getNotification'],
    'sends a template with custom data, and counts it',
    async (caller) => {
      const { externalId } = await newUser(caller);
      const { id: templateId, path } = await newTemplate(caller);
      const created = await caller.call('POST', '/notifications', {
        app_id: caller.app,
        name: 'conformance',
        target_channel: 'email',
        include_aliases: { external_id: [externalId] },
        template_id: templateId,
        custom_data: { order: '1001' },
      });
      expectAnswer(created, 200, { id: uuid });
      const id = textAt(created, 'id');
      const done = await until('the message is completed', async () => {
        const answer = await caller.call('GET', pathOf(caller, id));
        return typeof (answer.body as { completed_at?: unknown }).completed_at === 'number'
          ? answer
          : undefined;
      });
      expectAnswer(done, 200, {
        ...message,
        id,
        app_id: caller.app,
        name: 'conformance',
        template_id: templateId,
        successful: 1,
        failed: 0,
        errored: 0,
        remaining: 0,
        platform_delivery_stats: { email: { successful: 1 } },
      });
      // Everyone has it: there is nothing left to cancel.
      expectAnswer(await caller.call('DELETE', pathOf(caller, id)), 400, { errors: [/./] });
      await caller.call('DELETE', path);
    },
  ),
  inEveryVoice(
    ['getNotification', 'cancelNotification'],
    'shows and cancels a scheduled message',
    async (caller) => {
      const { externalId } = await newUser(caller);
      const body = forTomorrow(caller, [externalId]);
      const created = await caller.call('POST', '/notifications', body);
      const path = pathOf(caller, textAt(created, 'id'));
      const at = Math.floor(new Date(body['send_after'] as string).getTime() / 1000);
      expectAnswer(await caller.call('GET', path), 200, {
        ...message,
        canceled: false,
        completed_at: null,
        send_after: at,
        email_subject: CONTENT.email_subject,
        remaining: 1,
      });
      expectAnswer(await caller.call('DELETE', path), 200, exactly({ success: true }));
      expectAnswer(await caller.call('GET', path), 200, { ...message, canceled: true });
      expectAnswer(await caller.call('DELETE', path), 400, { errors: [/./] });
    },
  ),
  inEveryVoice(
    ['getNotification', 'cancelNotification'],
    'answers 404 in the documented words',
    async (caller) => {
      for (const id of [caller.newId(), 'no-uuid']) {
        expectSentence(await caller.call('GET', pathOf(caller, id)), 404, 'Notification not found');
        expectSentence(await caller.call('DELETE', pathOf(caller, id)), 404, 'Notification not found');
      }
    },
  ),
  inEveryVoice(
    ['getNotifications'],
    'lists newest first with total_count, offset and limit',
    async (caller) => {
      const { externalId } = await newUser(caller);
      const created = await caller.call('POST', '/notifications', forTomorrow(caller, [externalId]));
      const id = textAt(created, 'id');
      const list = (query: string) => caller.call('GET', `/notifications?app_id=${caller.app}${query}`);
      expectAnswer(await list('&limit=1&offset=0&kind=1'), 200, {
        total_count: integer,
        limit: 1,
        offset: 0,
        notifications: [{ ...message, id }],
      });
      expectAnswer(await list(''), 200, { limit: 50, offset: 0, notifications: each(message) });
      // More than the most is the most.
      expectAnswer(await list('&limit=100'), 200, { limit: 50 });
      expectAnswer(await caller.call('DELETE', pathOf(caller, id)), 200);
    },
  ),
  inEveryVoice(
    ['getNotifications'],
    'shows messages of the asked kind and of the asked template only',
    async (caller) => {
      const { externalId } = await newUser(caller);
      const created = await caller.call('POST', '/notifications', forTomorrow(caller, [externalId]));
      const id = textAt(created, 'id');
      for (const query of ['kind=0', 'kind=3', `template_id=${caller.newId()}`]) {
        const answer = await caller.call('GET', `/notifications?app_id=${caller.app}&${query}`);
        expectAnswer(answer, 200, { total_count: integer, notifications: without({ id }) });
      }
      expectAnswer(await caller.call('DELETE', pathOf(caller, id)), 200);
    },
  ),
  inEveryVoice(
    ['getNotifications'],
    'pages by time_offset in the order in which messages are due, and ends with an empty page',
    async (caller) => {
      const { externalId } = await newUser(caller);
      // Later than what else was scheduled, in this run and in those before.
      const start = Date.UTC(2050, 0, 1) + (Date.now() % 1e9) * 100;
      const due = (ms: number) => new Date(start + ms).toISOString();
      const ids: string[] = [];
      for (const ms of [2, 1]) {
        const body = { ...forTomorrow(caller, [externalId]), send_after: due(ms) };
        ids.unshift(textAt(await caller.call('POST', '/notifications', body), 'id'));
      }
      const page = (offset: string) =>
        caller.call(
          'GET',
          `/notifications?app_id=${caller.app}&limit=1&time_offset=${encodeURIComponent(offset)}`,
        );
      let offset = due(0);
      for (const id of ids) {
        const answer = await page(offset);
        expectAnswer(answer, 200, {
          total_count: integer,
          offset: 0,
          limit: 1,
          time_offset: offset,
          next_time_offset: /^[A-Za-z\d+/]+=*$/,
          notifications: [{ ...message, id }],
        });
        offset = textAt(answer, 'next_time_offset');
        expectSentence(await page(`${offset}x`.slice(4)), 400, /^time_offset must be/);
      }
      expectAnswer(await page(offset), 200, { notifications: [], next_time_offset: offset });
      for (const id of ids) expectAnswer(await caller.call('DELETE', pathOf(caller, id)), 200);
    },
  ),
  inEveryVoice(
    ['getNotification'],
    'shows the fields of the request, null where they were not given, and none that is unknown',
    async (caller) => {
      const { externalId } = await newUser(caller);
      const body = {
        ...forTomorrow(caller, [externalId]),
        custom_data: { order: '1001' },
        a_key_nobody_knows: [1],
      };
      const id = textAt(await caller.call('POST', '/notifications', body), 'id');
      expectAnswer(await caller.call('GET', pathOf(caller, id)), 200, {
        ...message,
        email_subject: CONTENT.email_subject,
        email_preheader: null,
        custom_data: { order: '1001' },
        included_segments: [],
        excluded_segments: [],
        delayed_option: 'immediate',
        a_key_nobody_knows: absent,
      });
      expectAnswer(await caller.call('DELETE', pathOf(caller, id)), 200);
    },
  ),
  inEveryVoice(
    ['getNotification', 'getNotifications'],
    'refuses a caller without a good key when asked to view',
    async (caller) => {
      for (const path of [pathOf(caller, caller.newId()), `/notifications?app_id=${caller.app}`]) {
        expectSentence(await caller.callWithoutKey('GET', path), 403, /^Access denied\. {2}Please include/);
        expectSentence(await caller.callWith('os_v2_app_wrong', 'GET', path), 403, /^Access denied\./);
      }
    },
  ),
  inEveryVoice(
    ['getNotification', 'getNotifications'],
    'says so when app_id is missing from the query',
    async (caller) => {
      for (const path of [`/notifications/${caller.newId()}`, '/notifications']) {
        expectAnswer(await caller.call('GET', path), 400, { errors: each(/./) });
      }
    },
  ),
  once(
    ['unsubscribeEmailWithToken'],
    'ends mails with 202 and the token of a mail, and refuses any other token',
    async (caller) => {
      const { externalId, email, path } = await newUser(caller);
      const sent = await caller.call('POST', '/notifications', {
        app_id: caller.app,
        target_channel: 'email',
        include_aliases: { external_id: [externalId] },
        email_subject: 'Conformance',
        email_body: '<p>{{ subscription.unsubscribe_token }}</p>',
      });
      const route = `/apps/${caller.app}/notifications/${textAt(sent, 'id')}/unsubscribe`;
      expectSentence(await caller.callWithoutKey('POST', `${route}?token=x`), 403, 'Forbidden');
      const token = await readToken(caller, email);
      expectAnswer(
        await caller.callWithoutKey('POST', `${route}?token=${token}`),
        202,
        exactly({ success: 'true' }),
      );
      expectAnswer(await caller.call('GET', path), 200, {
        subscriptions: [{ token: email, enabled: false }],
      });
    },
  ),
];

/** The token that a mail has brought into the sandbox: the mail says nothing else. */
function readToken(caller: Caller, email: string): Promise<string> {
  return until('the mail is in the sandbox', async () => {
    const inbox = await caller.sendLetter(
      'GET',
      `/sandbox/messages?recipient=${encodeURIComponent(email)}`,
      {},
    );
    return /"preview":"([\w-]{80,})"/.exec(JSON.stringify(inbox.body))?.[1];
  });
}
