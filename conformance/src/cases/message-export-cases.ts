import { gunzipSync } from 'node:zlib';
import { until } from '@carillon/test-kit';
import { inEveryVoice, once } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import { each, exactly } from '../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../wire/expect-answer.ts';
import { Mismatch } from '../wire/mismatch.ts';
import { newUser } from './new-user.ts';

/** A message that has gone out to one user. */
async function sentMessage(
  caller: Caller,
): Promise<{ id: string; externalId: string; subscriptionId: string }> {
  const { externalId, subscriptionId } = await newUser(caller);
  const created = await caller.call('POST', '/notifications', {
    app_id: caller.app,
    target_channel: 'email',
    include_aliases: { external_id: [externalId] },
    email_subject: 'Conformance',
    email_body: '<p>Hello</p>',
  });
  const id = textAt(created, 'id');
  await until('the message is completed', async () => {
    const { body } = await caller.call('GET', `/notifications/${id}?app_id=${caller.app}`);
    return typeof (body as { completed_at?: unknown }).completed_at === 'number' ? true : undefined;
  });
  return { id, externalId, subscriptionId };
}

/** Asks for the file until it is there, as clients do: 404 means "not yet". */
async function fetchFile(url: string): Promise<Buffer> {
  return until('the file is there', async () => {
    const answer = await fetch(url);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status === 200) return bytes;
    if (answer.status !== 404) throw new Mismatch(`${url} answered ${answer.status}, not 404 or 200`);
    return undefined;
  });
}

function expectText(found: string, wanted: RegExp): void {
  if (!wanted.test(found)) throw new Mismatch(`the file is ${JSON.stringify(found)}, not ${wanted}`);
}

/** Few of them in every voice: an app may ask for ten files a second. */
export const messageExportCases: readonly Case[] = [
  inEveryVoice(
    ['exportEvents'],
    'answers with the address of a gzip CSV that has a line for each subscription',
    async (caller) => {
      const { id, externalId, subscriptionId } = await sentMessage(caller);
      const answer = await caller.call('POST', `/notifications/${id}/export_events?app_id=${caller.app}`);
      expectAnswer(
        answer,
        200,
        exactly({ csv_file_url: /^https?:\/\/.+\/events_audience-activity-.+\.csv\.gz$/ }),
      );
      const text = gunzipSync(await fetchFile(textAt(answer, 'csv_file_url'))).toString();
      expectText(text, /^external_user_id,subscription_id,device_type,sent,delivered,clicked,onesignal_id,/);
      expectText(text, new RegExp(`\\n${externalId},${subscriptionId},11,true,`));
    },
  ),
  once(['exportEvents'], 'refuses in the documented words', async (caller) => {
    const path = `/notifications/${caller.newId()}/export_events?app_id=${caller.app}`;
    expectSentence(await caller.call('POST', path), 404, 'Notification not found');
    const wanted = 'Missing or invalid REST API key for the app.';
    expectSentence(await caller.callWithoutKey('POST', path), 401, wanted);
    expectSentence(await caller.callWith('os_v2_app_wrong', 'POST', path), 401, wanted);
  }),
  once(
    ['getNotificationHistory'],
    'answers 202 with the address of a CSV of those who were sent to, or who clicked',
    async (caller) => {
      const { id, subscriptionId } = await sentMessage(caller);
      for (const [events, lines] of [
        ['sent', `${subscriptionId},\\d{10}\\r\\n`],
        ['clicked', ''],
      ]) {
        const body = { app_id: caller.app, events, email: caller.newEmail() };
        const answer = await caller.call('POST', `/notifications/${id}/history`, body);
        expectAnswer(answer, 202, exactly({ success: true, destination_url: /^https?:\/\// }));
        const text = (await fetchFile(textAt(answer, 'destination_url'))).toString();
        expectText(text, new RegExp(`^player_id,timestamp\\r\\n${lines}$`));
      }
    },
  ),
  once(['getNotificationHistory'], 'refuses in the documented words', async (caller) => {
    const path = `/notifications/${caller.newId()}/history`;
    const ask = (body: object) => caller.call('POST', path, { app_id: caller.app, ...body });
    expectAnswer(await ask({ events: 'sent', email: 'nobody' }), 400, {
      errors: ['param `email` must be a valid email'],
      success: false,
    });
    expectAnswer(await ask({ events: 'opened' }), 400, { errors: each(/./), success: false });
    expectSentence(await ask({ events: 'sent' }), 404, 'Notification not found');
    const body = { app_id: caller.app, events: 'sent' };
    expectSentence(await caller.callWithoutKey('POST', path, body), 403, /^Access denied\./);
  }),
];
