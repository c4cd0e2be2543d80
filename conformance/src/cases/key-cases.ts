import { inEveryVoice, withOrganization } from '../case.ts';
import type { Case } from '../case.ts';
import { each, exactly, holding, uuid } from '../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../wire/expect-answer.ts';
import { apiKey } from './models.ts';

const NOT_ALLOWED = 'Current organization permissions do not allow this action.';

export const keyCases: readonly Case[] = [
  withOrganization(
    inEveryVoice(
      ['createApiKey', 'viewApiKeys', 'updateApiKey', 'rotateApiKey', 'deleteApiKey'],
      'creates, lists, changes, rotates and deletes a key',
      async (caller) => {
        const keys = `/apps/${caller.app}/auth/tokens`;
        const app = `/apps/${caller.app}`;
        const name = caller.newName('key');
        const created = await caller.callAsOrganization('POST', keys, {
          name,
          ip_allowlist_mode: 'disabled',
          ip_allowlist: [],
        });
        expectAnswer(created, 200, { token_id: uuid, formatted_token: /^os_v2_app_\w+$/ });
        const id = textAt(created, 'token_id');
        const secret = textAt(created, 'formatted_token');
        expectAnswer(await caller.callWith(secret, 'GET', app), 200);

        const listed = await caller.callAsOrganization('GET', keys);
        expectAnswer(listed, 200, exactly({ tokens: each(apiKey) }));
        expectAnswer(listed, 200, { tokens: holding({ token_id: id, name }) });

        const change = await caller.callAsOrganization('PATCH', `${keys}/${id}`, { name: `${name} 2` });
        expectAnswer(change, 200, exactly({}));
        const rotated = await caller.callAsOrganization('POST', `${keys}/${id}/rotate`);
        expectAnswer(rotated, 200, { formatted_token: /^os_v2_app_\w+$/ });
        expectAnswer(await caller.callWith(textAt(rotated, 'formatted_token'), 'GET', app), 200);
        expectAnswer(await caller.callWith(secret, 'GET', app), 403);

        expectAnswer(await caller.callAsOrganization('DELETE', `${keys}/${id}`), 200, exactly({}));
        expectSentence(await caller.callAsOrganization('DELETE', `${keys}/${id}`), 404, 'Token not found');
        expectAnswer(await caller.callWith(textAt(rotated, 'formatted_token'), 'GET', app), 403);
      },
    ),
  ),
  withOrganization(
    inEveryVoice(
      ['viewApiKeys', 'createApiKey', 'updateApiKey', 'rotateApiKey', 'deleteApiKey'],
      'answers 404 for an unknown app and an unknown key',
      async (caller) => {
        const elsewhere = `/apps/${caller.newId()}/auth/tokens`;
        expectSentence(await caller.callAsOrganization('GET', elsewhere), 404, 'App not found');
        expectSentence(
          await caller.callAsOrganization('POST', elsewhere, { name: 'x' }),
          404,
          'App not found',
        );
        const unknown = `/apps/${caller.app}/auth/tokens/${caller.newId()}`;
        const answers = [
          await caller.callAsOrganization('PATCH', unknown, { name: 'x' }),
          await caller.callAsOrganization('POST', `${unknown}/rotate`),
          await caller.callAsOrganization('DELETE', unknown),
        ];
        for (const answer of answers) expectSentence(answer, 404, 'Token not found');
      },
    ),
  ),
  inEveryVoice(['viewApiKeys', 'createApiKey', 'rotateApiKey'], "refuses an app's key", async (caller) => {
    const keys = `/apps/${caller.app}/auth/tokens`;
    expectSentence(await caller.call('GET', keys), 403, NOT_ALLOWED);
    expectSentence(await caller.call('POST', keys, { name: 'x' }), 403, NOT_ALLOWED);
    expectSentence(await caller.call('POST', `${keys}/${caller.newId()}/rotate`), 403, NOT_ALLOWED);
  }),
  inEveryVoice(['updateApiKey', 'deleteApiKey'], "refuses an app's key for one key too", async (caller) => {
    const one = `/apps/${caller.app}/auth/tokens/${caller.newId()}`;
    expectSentence(await caller.call('PATCH', one, { name: 'x' }), 403, NOT_ALLOWED);
    expectSentence(await caller.call('DELETE', one), 403, NOT_ALLOWED);
  }),
  withOrganization(
    inEveryVoice(
      ['createApiKey', 'updateApiKey'],
      'ties a key to addresses, and names what is wrong with a list of them',
      async (caller) => {
        const keys = `/apps/${caller.app}/auth/tokens`;
        const name = caller.newName('key');
        const elsewhere = { ip_allowlist_mode: 'explicit', ip_allowlist: ['192.0.2.0/24'] };
        const created = await caller.callAsOrganization('POST', keys, { name, ...elsewhere });
        const one = `${keys}/${textAt(created, 'token_id')}`;
        const secret = textAt(created, 'formatted_token');
        const app = `/apps/${caller.app}`;
        expectAnswer(await caller.callWith(secret, 'GET', app), 403);
        const anywhere = { ip_allowlist_mode: 'disabled' };
        expectAnswer(await caller.callAsOrganization('PATCH', one, anywhere), 200, exactly({}));
        expectAnswer(await caller.callWith(secret, 'GET', app), 200);
        const wrong = { ip_allowlist: ['192.0.2.0/33'] };
        expectSentence(await caller.callAsOrganization('PATCH', one, wrong), 400, /^ip_allowlist\[0\] /);
        const none = { name, ip_allowlist_mode: 'explicit' };
        expectSentence(await caller.callAsOrganization('POST', keys, none), 400, /^ip_allowlist /);
        expectAnswer(await caller.callAsOrganization('DELETE', one), 200, exactly({}));
      },
    ),
  ),
];
