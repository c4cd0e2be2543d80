import { generateKeyPairSync } from 'node:crypto';
import { inEveryVoice, once, withOrganization } from '../case.ts';
import type { Case } from '../case.ts';
import { absent, boolean, each, holding, oneOf, text } from '../wire/checks.ts';
import { expectAnswer, expectSentence } from '../wire/expect-answer.ts';
import { app as appModel } from './models.ts';

const ACCESS_DENIED =
  "Access denied.  Please include an 'Authorization: ...' header with a valid API key (https://documentation.onesignal.com/docs/en/keys-and-ids#api-keys).";

const channel = { enabled: boolean, platforms: each(text) };

export const appCases: readonly Case[] = [
  withOrganization(
    inEveryVoice(['getApps'], 'lists apps as an array', async (caller) => {
      const answer = await caller.callAsOrganization('GET', '/apps');
      expectAnswer(answer, 200, each(appModel));
      expectAnswer(answer, 200, holding({ id: caller.app }));
    }),
  ),
  inEveryVoice(['getApps'], "does not list apps for an app's key", async (caller) => {
    expectSentence(await caller.call('GET', '/apps'), 403, 'You do not have permission to list apps.');
  }),
  inEveryVoice(
    ['getApp'],
    "shows an app to the app's own key, without counts for view=config",
    async (caller) => {
      const path = `/apps/${caller.app}`;
      expectAnswer(await caller.call('GET', path), 200, {
        ...appModel,
        id: caller.app,
        channels: { push: channel, email: channel, sms: channel },
      });
      expectAnswer(await caller.call('GET', `${path}?view=config`), 200, {
        id: caller.app,
        players: absent,
        messageable_players: absent,
      });
    },
  ),
  withOrganization(
    inEveryVoice(
      ['getApp'],
      "shows an app to the organization's key, and 404 for one that is not there",
      async (caller) => {
        expectAnswer(await caller.callAsOrganization('GET', `/apps/${caller.app}`), 200, appModel);
        const unknown = caller.newId();
        expectSentence(
          await caller.callAsOrganization('GET', `/apps/${unknown}`),
          404,
          `Couldn't find app with id = ${unknown}`,
        );
      },
    ),
  ),
  inEveryVoice(['getApp'], 'tells who has no good key in the documented words', async (caller) => {
    const path = `/apps/${caller.app}`;
    expectSentence(await caller.callWithoutKey('GET', path), 403, ACCESS_DENIED);
    expectSentence(await caller.callWith('os_v2_app_wrong', 'GET', path), 403, ACCESS_DENIED);
    expectSentence(await caller.callWith('', 'GET', path), 403, ACCESS_DENIED);
  }),
  inEveryVoice(['getApp'], "does not show another app to an app's key", async (caller) => {
    const answer = await caller.call('GET', `/apps/${caller.newId()}`);
    expectSentence(answer, 403, 'You do not have permission to view this app.');
  }),
  once(['getApp'], 'reads the scheme of Authorization in any case', async (caller) => {
    for (const scheme of ['key', 'KEY', 'Key', 'basic', 'BEARER']) {
      const headers = { Authorization: `${scheme} ${caller.stage.appKey}` };
      expectAnswer(await caller.sendLetter('GET', `/apps/${caller.app}`, { headers }), 200, {
        id: caller.app,
      });
    }
  }),
  once(
    ['getApp'],
    'answers at the root, under /api/v1, and after a base address that ends in a slash',
    async (caller) => {
      const headers = { Authorization: `Key ${caller.stage.appKey}` };
      for (const base of ['', '/', '/api/v1', '/api/v1/']) {
        expectAnswer(await caller.sendLetter('GET', `${base}/apps/${caller.app}`, { headers }), 200, {
          id: caller.app,
        });
      }
    },
  ),
  withOrganization(
    inEveryVoice(
      ['createApp', 'updateApp'],
      'creates with 200 and changes by PUT, and spells apns_env as typed clients do',
      async (caller) => {
        const name = caller.newName('app');
        const created = await caller.callAsOrganization('POST', '/apps', {
          name,
          organization_id: caller.organization.id,
          apns_env: 'development',
          chrome_web_origin: 'https://example.com',
          a_key_nobody_knows: 1,
        });
        const wanted = { ...appModel, name, apns_env: 'sandbox', chrome_web_origin: 'https://example.com' };
        expectAnswer(created, 200, { ...wanted, organization_id: caller.organization.id, players: 0 });
        const { id } = created.body as { id: string };
        const path = `/apps/${id}`;
        expectAnswer(await caller.callAsOrganization('PUT', path, { name: `${name} 2` }), 200, {
          ...wanted,
          id,
          name: `${name} 2`,
        });
        expectAnswer(await caller.callAsOrganization('PUT', path, { site_name: 'Shop' }), 200, {
          name: `${name} 2`,
          site_name: 'Shop',
          apns_env: oneOf('sandbox'),
        });
      },
    ),
  ),
  withOrganization(
    inEveryVoice(
      ['updateApp', 'getApp'],
      'keeps credentials of push, and shows them masked',
      async (caller) => {
        const created = await caller.callAsOrganization('POST', '/apps', {
          name: caller.newName('app'),
          organization_id: caller.organization.id,
        });
        const path = `/apps/${(created.body as { id: string }).id}`;
        const shown = {
          apns_key_id: 'ABC123DEFG',
          apns_team_id: 'DEF123GHIJ',
          apns_bundle_id: 'com.example.shop',
          apns_env: 'sandbox',
        };
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
        const body = { ...shown, apns_p8: Buffer.from(pem).toString('base64') };
        expectAnswer(await caller.callAsOrganization('PUT', path, body), 200, { ...appModel, ...shown });
        const read = await caller.callAsOrganization('GET', path);
        expectAnswer(read, 200, { ...appModel, ...shown, apns_p8: '********' });
        // As clients do that read, change and write.
        expectAnswer(await caller.callAsOrganization('PUT', path, read.body as object), 200, shown);
        expectAnswer(await caller.callAsOrganization('PUT', path, { apns_p8: null }), 200, {
          apns_p8: null,
          apns_key_id: null,
        });
        expectSentence(
          await caller.callAsOrganization('PUT', path, { apns_key_id: 'ABC123DEFG' }),
          400,
          /^apns_key_id says nothing without apns_p8/,
        );
      },
    ),
  ),
  withOrganization(
    inEveryVoice(['createApp'], 'answers 404 for an unknown organization', async (caller) => {
      const body = { name: 'x', organization_id: caller.newId() };
      expectSentence(await caller.callAsOrganization('POST', '/apps', body), 404, 'Organization not found');
    }),
  ),
  inEveryVoice(['createApp', 'updateApp'], "refuses an app's key in the documented words", async (caller) => {
    const body = { name: 'x', organization_id: caller.newId() };
    expectSentence(
      await caller.call('POST', '/apps', body),
      403,
      'You do not have permission to create an app in this organization.',
    );
    expectSentence(
      await caller.call('PUT', `/apps/${caller.app}`, { name: 'x' }),
      403,
      'You do not have permission to update this app.',
    );
  }),
  withOrganization(
    inEveryVoice(['updateApp'], 'answers 404 for an app that is not there', async (caller) => {
      const unknown = caller.newId();
      expectSentence(
        await caller.callAsOrganization('PUT', `/apps/${unknown}`, { name: 'x' }),
        404,
        `Couldn't find app with id = ${unknown}`,
      );
    }),
  ),
  withOrganization(
    inEveryVoice(
      ['createApp', 'updateApp'],
      'names the field and the rule that a body breaks',
      async (caller) => {
        const organization_id = caller.organization.id;
        const create = (body: object) => caller.callAsOrganization('POST', '/apps', body);
        expectSentence(await create({ organization_id }), 400, 'name is required');
        expectSentence(
          await create({ name: 'x'.repeat(129), organization_id }),
          400,
          'name must be at most 128 characters long',
        );
        expectSentence(
          await create({ name: 'x', organization_id: '5' }),
          400,
          'organization_id must be a valid UUID',
        );
        const path = `/apps/${caller.app}`;
        expectSentence(await caller.callAsOrganization('PUT', path, { apns_env: 'x' }), 400, /^apns_env /);
      },
    ),
  ),
  withOrganization(
    inEveryVoice(
      ['updateApp'],
      'takes the app back as it was read, and does not move it to another organization',
      async (caller) => {
        const path = `/apps/${caller.app}`;
        const { name } = (await caller.call('GET', path)).body as { name: string };
        const own = { name, organization_id: caller.organization.id };
        expectAnswer(await caller.callAsOrganization('PUT', path, own), 200, own);
        const other = { organization_id: caller.newId() };
        expectSentence(await caller.callAsOrganization('PUT', path, other), 400, /^organization_id /);
      },
    ),
  ),
];
