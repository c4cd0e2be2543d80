import { inEveryVoice, once, withOrganization } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import { each, exactly, integer, isoTime, uuid } from '../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../wire/expect-answer.ts';
import { template, templateSummary } from './models.ts';

export async function newTemplate(caller: Caller): Promise<{ id: string; path: string; name: string }> {
  const name = caller.newName('template');
  const answer = await caller.call('POST', '/templates', {
    app_id: caller.app,
    name,
    isEmail: true,
    email_subject: 'Hello {{ first }}',
    email_body: '<p>Order {{ message.custom_data.order }}</p>',
  });
  expectAnswer(answer, 200, { ...template, name, channel: 'email' });
  const id = textAt(answer, 'id');
  return { id, name, path: `/templates/${id}?app_id=${caller.app}` };
}

export const templateCases: readonly Case[] = [
  inEveryVoice(
    ['createTemplate', 'viewTemplate', 'deleteTemplate'],
    'creates with 200, shows and deletes a template',
    async (caller) => {
      const { id, name, path } = await newTemplate(caller);
      expectAnswer(await caller.call('GET', path), 200, {
        ...template,
        id,
        name,
        created_at: isoTime,
        content: { ...template.content, isEmail: true, email_subject: 'Hello {{ first }}' },
      });
      expectAnswer(await caller.call('DELETE', path), 200, exactly({ success: true }));
      expectSentence(await caller.call('GET', path), 404, 'template not found');
      expectSentence(await caller.call('DELETE', path), 404, 'template not found');
    },
  ),
  inEveryVoice(
    ['createTemplate', 'viewTemplate', 'updateTemplate', 'viewTemplates'],
    'keeps templates of push and SMS, with a text for each language',
    async (caller) => {
      const base = { app_id: caller.app, contents: { en: 'Hello {{ first }}', de: 'Hallo {{ first }}' } };
      const push = { ...base, headings: { en: 'News' }, url: 'https://example.com/', isIos: true };
      const sms = { ...base, isSMS: true, sms_from: '+15550100000', dynamic_content: '{"spring":{}}' };
      for (const [channel, body] of [['push', push] as const, ['sms', sms] as const]) {
        const name = caller.newName(channel);
        const made = await caller.call('POST', '/templates', { ...body, name });
        const { app_id: _, dynamic_content: __, ...content } = { dynamic_content: null, ...body };
        expectAnswer(made, 200, { ...template, name, channel, content: { ...template.content, ...content } });
        const path = `/templates/${textAt(made, 'id')}?app_id=${caller.app}`;
        expectAnswer(await caller.call('GET', path), 200, { name, channel, content });
        const changed = await caller.call('PATCH', path, { name, contents: { en: 'Bye' } });
        expectAnswer(changed, 200, { channel, content: { ...content, contents: { en: 'Bye' } } });
        const list = await caller.call('GET', `/templates?app_id=${caller.app}&channel=${channel}`);
        expectAnswer(list, 200, { templates: each(templateSummary) });
        expectAnswer(await caller.call('DELETE', path), 200, { success: true });
      }
    },
  ),
  inEveryVoice(['createTemplate'], 'needs English of push and SMS', async (caller) => {
    for (const flag of [{}, { isSMS: true }]) {
      const body = { app_id: caller.app, name: 'x', contents: { de: 'Hallo' }, ...flag };
      expectAnswer(await caller.call('POST', '/templates', body), 400, {
        success: false,
        errors: ["'message' Notifications must have Any/English language content"],
      });
    }
  }),
  inEveryVoice(['updateTemplate'], 'changes what is named, with app_id in the query', async (caller) => {
    const { id, name, path } = await newTemplate(caller);
    const answer = await caller.call('PATCH', path, { name: `${name} 2`, email_subject: 'Changed' });
    const content = { email_subject: 'Changed', email_body: '<p>Order {{ message.custom_data.order }}</p>' };
    expectAnswer(answer, 200, { ...template, id, name: `${name} 2`, content });
    await caller.call('DELETE', path);
  }),
  inEveryVoice(['viewTemplates'], 'lists with counts, limit, offset and channel', async (caller) => {
    const { path } = await newTemplate(caller);
    const answer = await caller.call('GET', `/templates?app_id=${caller.app}&limit=1&offset=0&channel=email`);
    expectAnswer(answer, 200, { limit: 1, offset: 0, total_count: integer, templates: [templateSummary] });
    expectAnswer(await caller.call('GET', `/templates?app_id=${caller.app}`), 200, {
      limit: 50,
      offset: 0,
      templates: each(templateSummary),
    });
    await caller.call('DELETE', path);
  }),
  inEveryVoice(
    ['viewTemplates'],
    'refuses a wrong limit and a wrong channel in the documented words',
    async (caller) => {
      const list = (query: string) => caller.call('GET', `/templates?app_id=${caller.app}&${query}`);
      expectSentence(await list('limit=51'), 400, 'Invalid limit, must be within 1 to 50');
      expectSentence(await list('limit=0'), 400, 'Invalid limit, must be within 1 to 50');
      expectSentence(await list('channel=fax'), 400, 'Invalid channel');
    },
  ),
  inEveryVoice(
    ['viewTemplate', 'viewTemplates'],
    'says so when app_id is missing from the query',
    async (caller) => {
      const sentence = 'Request is malformed: Failed to parse app_id from request';
      expectSentence(await caller.call('GET', `/templates/${caller.newId()}`), 400, sentence);
      expectAnswer(await caller.call('GET', '/templates'), 400, {
        errors: [sentence, 'JSON body is None for app_id_location=body request'],
      });
    },
  ),
  inEveryVoice(['createTemplate'], 'refuses an email without a body, and nothing at all', async (caller) => {
    const base = { app_id: caller.app, name: 'x' };
    expectAnswer(
      await caller.call('POST', '/templates', { ...base, isEmail: true, email_subject: 's', email_body: '' }),
      400,
      {
        success: false,
        errors: ["'message' Email body can not be blank"],
      },
    );
    expectAnswer(await caller.call('POST', '/templates', base), 400, {
      success: false,
      errors: ["'message' Notifications must have Any/English language content"],
    });
  }),
  once(['createTemplate'], 'tells of a body without a Content-Type or without app_id', async (caller) => {
    const body = JSON.stringify({ name: 'x', isEmail: true, email_body: 'y' });
    const headers = { Authorization: `Key ${caller.stage.appKey}` };
    expectAnswer(await caller.sendLetter('POST', '/templates', { headers, body }), 400, {
      errors: ['app_id not found. You may be missing a Content-Type: application/json header.'],
      reference: ['/docs/accounts-and-keys#section-keys-ids'],
    });
  }),
  withOrganization(
    inEveryVoice(
      ['copyTemplateToApp'],
      "copies a template to another app with the organization's key",
      async (caller) => {
        const { id, name, path } = await newTemplate(caller);
        const target = await caller.callAsOrganization('POST', '/apps', {
          name: caller.newName('app'),
          organization_id: caller.organization.id,
        });
        const target_app_id = textAt(target, 'id');
        const copyPath = `/templates/${id}/copy_to_app?app_id=${caller.app}`;
        const copy = await caller.callAsOrganization('POST', copyPath, { target_app_id });
        expectAnswer(copy, 200, { ...template, success: true, name, channel: 'email' });
        const list = await caller.callAsOrganization('GET', `/templates?app_id=${target_app_id}`);
        expectAnswer(list, 200, { templates: [{ ...templateSummary, id: textAt(copy, 'id'), name }] });
        for (const body of [{ target_app_id: caller.newId() }, { target_app_id: caller.app }]) {
          const status = body.target_app_id === caller.app ? 400 : 404;
          expectAnswer(await caller.callAsOrganization('POST', copyPath, body), status);
        }
        expectAnswer(await caller.call('POST', copyPath, { target_app_id }), 403);
        await caller.callAsOrganization('DELETE', `/apps/${target_app_id}`);
        await caller.call('DELETE', path);
      },
    ),
  ),
  once(['deleteTemplate'], 'keeps a template that a journey uses', async (caller) => {
    const { id, path } = await newTemplate(caller);
    const journeys = `/apps/${caller.app}/journeys`;
    const journey = await caller.call('POST', journeys, {
      name: caller.newName('journey'),
      audience: { kind: 'event_trigger', name: 'conformance' },
      nodes: [{ kind: 'send_email', template_id: id }],
    });
    expectAnswer(journey, 201, { id: uuid });
    expectAnswer(await caller.call('DELETE', path), 400, {
      success: false,
      errors: ['Can not delete a template that has journeys using it.'],
    });
    expectAnswer(await caller.call('DELETE', `${journeys}/${textAt(journey, 'id')}`), 200);
    expectAnswer(await caller.call('DELETE', path), 200, { success: true });
  }),
];
