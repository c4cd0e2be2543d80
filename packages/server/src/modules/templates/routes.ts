import {
  copyTemplateBody,
  createTemplateBody,
  templateCopy,
  templateList,
  templateView,
  updateTemplateBody,
} from '@carillon/wire';
import { Type } from 'typebox';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Routes } from '../../platform/http/route.ts';
import { authorOf } from '../accounts/index.ts';
import { presentTemplate } from './template.ts';
import type { Templates } from './templates.ts';

const MOST_ON_A_PAGE = 50;
const CHANNELS = new Set(['push', 'email', 'sms']);

const config = { access: 'app', envelope: 'basic' } as const;
/** Viewing, listing and deleting tell of too many requests in the other envelope, as documented. */
const documented = { ...config, rateEnvelope: 'structured' } as const;
const ofApp = Type.Object({ app_id: Type.String() });
const oneTemplate = Type.Object({ template_id: Type.String() });

/** Templates: create, view, list, change, copy, delete. */
export function templateRoutes(templates: Templates): Routes {
  return (http) => {
    http.post(
      '/templates',
      {
        config,
        schema: { summary: 'Create a template', body: createTemplateBody, response: { 200: templateView } },
      },
      async (request) =>
        presentTemplate(await templates.create(request.appId, request.body, authorOf(request))),
    );

    http.get(
      '/templates/:template_id',
      {
        config: documented,
        schema: {
          summary: 'View a template',
          params: oneTemplate,
          querystring: ofApp,
          response: { 200: templateView },
        },
      },
      async (request) => presentTemplate(await templates.view(request.appId, request.params.template_id)),
    );

    http.get(
      '/templates',
      {
        // The list alone tells twice what it misses.
        config: { ...documented, appMissing: 'app-id-unparsed-twice' },
        schema: {
          summary: 'View templates, the oldest first',
          querystring: Type.Object({
            app_id: Type.String(),
            limit: Type.Optional(Type.Integer()),
            offset: Type.Optional(Type.Integer({ minimum: 0 })),
            /** push, email or sms. */
            channel: Type.Optional(Type.String()),
          }),
          response: { 200: templateList },
        },
      },
      async (request) => {
        const { limit = MOST_ON_A_PAGE, offset = 0, channel = null } = request.query;
        if (limit < 1 || limit > MOST_ON_A_PAGE) throw new ApiError('template-limit');
        if (channel !== null && !CHANNELS.has(channel)) throw new ApiError('template-channel');
        const { rows, total } = await templates.list(request.appId, { channel, limit, offset });
        const summaries = rows.map(({ id, name, createdAt, updatedAt }) => ({
          id,
          name,
          created_at: createdAt.toISOString(),
          updated_at: updatedAt.toISOString(),
        }));
        return { limit, offset, templates: summaries, total_count: total };
      },
    );

    http.patch(
      '/templates/:template_id',
      {
        config,
        schema: {
          summary: 'Change a template',
          params: oneTemplate,
          querystring: ofApp,
          body: updateTemplateBody,
          response: { 200: templateView },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        return presentTemplate(await templates.update(appId, params.template_id, body, authorOf(request)));
      },
    );

    http.post(
      '/templates/:template_id/copy_to_app',
      {
        // The organization's key alone opens both apps.
        config: { ...config, access: 'organization' },
        schema: {
          summary: 'Copy a template to another app',
          params: oneTemplate,
          querystring: ofApp,
          body: copyTemplateBody,
          response: { 200: templateCopy },
        },
      },
      async (request) => {
        const { appId, params, body, principal } = request;
        if (principal.kind !== 'organization-key') throw new ApiError('access-denied');
        const { organizationId } = principal;
        const to = { targetAppId: body.target_app_id.toLowerCase(), organizationId };
        const copy = await templates.copy({ appId, id: params.template_id }, to, authorOf(request));
        return { success: true, ...presentTemplate(copy) };
      },
    );

    http.delete(
      '/templates/:template_id',
      {
        config: documented,
        schema: {
          summary: 'Delete a template',
          params: oneTemplate,
          querystring: ofApp,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await templates.remove(request.appId, request.params.template_id, authorOf(request));
        return { success: true };
      },
    );
  };
}
