import { Type } from 'typebox';
import { ApiError } from '../../../../platform/http/api-error.ts';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import type { Routes } from '../../../../platform/http/route.ts';
import { authorOf } from '../../../accounts/index.ts';
import type { ListedOptOut } from './opt-out-store.ts';
import type { OptOuts } from './opt-outs.ts';

const url = '/apps/:app_id/channels/sms/opt-outs';
const config = { access: 'app' } as const;
const params = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const number = Type.String({
  pattern: '^\\+?[1-9]\\d{2,14}$',
  description: 'The number of the person: +4915112345678.',
});
const sender = Type.String({
  pattern: '^(\\+?[1-9]\\d{2,14}|rcs:[\\w.-]{1,120})$',
  description: 'A number of ours that people text to: +15550100000, a short code, or an RCS agent (rcs:…).',
});
const pair = Type.Object({ number, sender }, { additionalProperties: false });
const shown = Type.Object({
  number: Type.String(),
  sender: Type.String(),
  source: Type.Enum(['keyword', 'api']),
  created_at: Type.String({ format: 'date-time' }),
});

const MOST_ON_A_PAGE = 1_000;
const DEFAULT_PAGE = 100;
const MOST_AT_ONCE = 1_000;

/** `/apps/{app_id}/channels/sms/opt-outs`: who gets no texts from which number. An extension of ours. */
export function optOutRoutes(optOuts: OptOuts): Routes {
  return (http) => {
    http.get(
      url,
      {
        config,
        schema: {
          summary: 'List who has opted out of which number',
          description: 'In the order of the numbers, which are shown without their plus.',
          params,
          querystring: Type.Object({
            number: Type.Optional(number),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ON_A_PAGE })),
            cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
          }),
          response: {
            200: Type.Object({ opt_outs: Type.Array(shown), next_cursor: Type.Optional(Type.String()) }),
          },
        },
      },
      async ({ appId, query: { number: only = null, cursor, limit = DEFAULT_PAGE } }) => {
        const after = cursor === undefined ? { number: '', sender: '' } : readCursor(cursor);
        const found = await optOuts.page(appId, after, { number: only, limit: limit + 1 });
        const page = found.slice(0, limit);
        const last = found.length > limit ? page.at(-1) : undefined;
        return { opt_outs: page.map(present), ...(last && { next_cursor: writeCursor(last) }) };
      },
    );
    http.post(
      url,
      {
        config,
        schema: {
          summary: 'Opt people out of numbers',
          params,
          body: Type.Object(
            { opt_outs: Type.Array(pair, { minItems: 1, maxItems: MOST_AT_ONCE }) },
            { additionalProperties: false },
          ),
          response: { 200: Type.Object({ added: Type.Integer() }) },
        },
      },
      async (request) => ({
        added: await optOuts.add(request.appId, request.body.opt_outs, authorOf(request)),
      }),
    );
    http.delete(
      `${url}/:number/:sender`,
      {
        config,
        schema: {
          summary: 'Let a number write to a person again',
          params: Type.Object({ ...params.properties, number, sender }),
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        const { appId, params } = request;
        if (!(await optOuts.remove(appId, params, authorOf(request)))) {
          throw new ApiError('sms-opt-out-not-found');
        }
        return { success: true };
      },
    );
  };
}

function present({ createdAt, ...rest }: ListedOptOut) {
  return { ...rest, created_at: createdAt.toISOString() };
}

function writeCursor({ number: person, sender: from }: ListedOptOut): string {
  return Buffer.from(`o ${person} ${from}`).toString('base64url');
}

function readCursor(cursor: string): { readonly number: string; readonly sender: string } {
  const [, person, from] = /^o (\S+) ([^\s\0]+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (person === undefined || from === undefined) {
    throw invalidField('cursor', 'must be a next_cursor that this list gave out');
  }
  return { number: person, sender: from };
}
