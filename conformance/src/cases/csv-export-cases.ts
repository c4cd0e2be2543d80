import { gunzipSync } from 'node:zlib';
import { until } from '@carillon/test-kit';
import { inEveryVoice, once } from '../case.ts';
import type { Case } from '../case.ts';
import { nodeClients } from '../clients/node-client.ts';
import { exactly } from '../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../wire/expect-answer.ts';
import { Mismatch } from '../wire/mismatch.ts';
import { newUser } from './new-user.ts';
import { through } from './through.ts';

const COLUMNS =
  'id,identifier,session_count,language,timezone,game_version,device_os,device_type,device_model,ad_id,tags,last_active,playtime,amount_spent,created_at,invalid_identifier';
const LINK = /^https?:\/\/.+\/[\w-]{40,}\/users_.+\.csv\.gz$/;

/** The file's text once it is there; until then 403, or 404 as newer words of the documentation say. */
async function fetchText(url: string): Promise<string> {
  return until('the file is there', async () => {
    const answer = await fetch(url);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status === 200) return gunzipSync(bytes).toString();
    if (answer.status !== 403 && answer.status !== 404) {
      throw new Mismatch(`${url} answered ${answer.status}, not 403, 404 or 200`);
    }
    return undefined;
  });
}

function expectText(found: string, wanted: RegExp): void {
  if (!wanted.test(found)) throw new Mismatch(`no line of the file is ${wanted}: ${found.slice(0, 400)}`);
}

/** Few of them in every voice: an app may ask for ten files a second. */
export const csvExportCases: readonly Case[] = [
  inEveryVoice(
    ['exportSubscriptions'],
    'answers with the address of a gzip CSV that has the documented columns and a line for each subscription',
    async (caller) => {
      const { subscriptionId, email } = await newUser(caller);
      const answer = await caller.call('POST', `/players/csv_export?app_id=${caller.app}`, {});
      expectAnswer(answer, 200, exactly({ csv_file_url: LINK }));
      const text = await fetchText(textAt(answer, 'csv_file_url'));
      expectText(text, new RegExp(`^${COLUMNS}\\r\\n`));
      expectText(
        text,
        new RegExp(`\\n${subscriptionId},${email},0,,,,,11,,,"\\{""first"": ?""yes""\\}",.+,f\\r\\n`),
      );
    },
  ),
  once(
    ['exportSubscriptions'],
    'takes an empty body under application/json, and fields, a time and a segment',
    async (caller) => {
      const path = `/players/csv_export?app_id=${caller.app}`;
      const headers = { authorization: `Key ${caller.stage.appKey}`, 'content-type': 'application/json' };
      expectAnswer(
        await caller.sendLetter('POST', path, { headers, body: '' }),
        200,
        exactly({ csv_file_url: LINK }),
      );
      const { externalId, id } = await newUser(caller);
      const answer = await caller.call('POST', path, {
        extra_fields: ['external_user_id', 'onesignal_id', 'location', 'notification_types'],
        last_active_since: '1469392779',
        segment_name: 'Subscribed Users',
        include_unsubscribed: true,
      });
      const text = await fetchText(textAt(answer, 'csv_file_url'));
      expectText(
        text,
        new RegExp(`^${COLUMNS},external_user_id,onesignal_id,lat,long,notification_types\\r\\n`),
      );
      expectText(text, new RegExp(`,${externalId},${id},,,1\\r\\n`));
    },
  ),
  once(
    ['exportSubscriptions'],
    'refuses a caller without a key, and a field that there is not',
    async (caller) => {
      const path = `/players/csv_export?app_id=${caller.app}`;
      expectSentence(await caller.callWithoutKey('POST', path, {}), 403, /^Access denied\./);
      expectSentence(await caller.call('POST', path, { extra_fields: ['shoe_size'] }), 400, /extra_fields/);
    },
  ),
  through('onesignal-node', 'exportCSV', 'reads the address of the file', async (stage) => {
    const { body } = await nodeClients(stage).app.exportCSV({});
    const url = (body as { csv_file_url?: string }).csv_file_url ?? '';
    if (!LINK.test(url)) throw new Mismatch(`csv_file_url is ${url}`);
  }),
];
