import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '@carillon/test-kit';
import { pino } from 'pino';
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { oneOfKinds } from './one-of-kinds.ts';
import { createHttpServer } from './server.ts';
import type { HttpServer } from './server.ts';

const subscription = Type.Object({
  type: Type.Union([Type.Literal('Email'), Type.Literal('SMS')]),
  token: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});

const strict = { additionalProperties: false };
const KINDS = [
  Type.Object({ kind: Type.Literal('smtp'), host: Type.String() }, strict),
  Type.Object({ kind: Type.Literal('ses'), region: Type.String() }, strict),
];

/** Schema of the body, what is sent, what is told. */
const bodies: [string, TSchema, unknown, string][] = [
  ['a missing member', Type.Object({ name: Type.String() }), {}, 'name is required'],
  [
    'a missing member inside a list',
    Type.Object({ subscriptions: Type.Array(subscription) }),
    { subscriptions: [{ type: 'SMS' }, {}] },
    'subscriptions[1].type is required',
  ],
  [
    'a wrong type',
    Type.Object({ a: Type.Object({ b: Type.String() }) }),
    { a: { b: 5 } },
    'a.b must be a string, not a number',
  ],
  ['an array for an object', Type.Object({}), [], 'The request body must be an object, not an array'],
  ['a fraction', Type.Object({ ttl: Type.Integer() }), { ttl: 1.5 }, 'ttl must be an integer, not a number'],
  [
    'a value of no branch of a union of constants',
    Type.Object({ subscription }),
    { subscription: { type: 'email' } },
    'subscription.type must be one of Email, SMS',
  ],
  [
    'a type of no branch of a union',
    Type.Object({ subscription }),
    { subscription: { type: 'SMS', token: 5 } },
    'subscription.token must be a string or null, not a number',
  ],
  [
    'something wrong inside a branch of a union',
    Type.Object({ subscription: Type.Union([subscription, Type.Null()]) }),
    { subscription: { type: 'SMS', token: 5 } },
    'subscription.token must be a string or null, not a number',
  ],
  [
    'a bound broken in a nullable member',
    Type.Object({ n: Type.Union([Type.String({ maxLength: 3 }), Type.Null()]) }),
    { n: 'abcd' },
    'n must be at most 3 characters long',
  ],
  [
    'a kind that there is not',
    oneOfKinds(KINDS),
    { kind: 'carrier-pigeon' },
    'kind must be one of smtp, ses',
  ],
  ['no kind', oneOfKinds(KINDS), { host: 'h' }, 'kind is required'],
  [
    'something wrong in the kind that is meant',
    oneOfKinds(KINDS),
    { kind: 'ses', region: 5 },
    'region must be a string, not a number',
  ],
  [
    'a member of another kind',
    oneOfKinds(KINDS),
    { kind: 'smtp', host: 'h', region: 'eu' },
    'region is not known here: remove it',
  ],
  [
    'a bad UUID',
    Type.Object({ id: Type.String({ format: 'uuid' }) }),
    { id: 'x' },
    'id must be a valid UUID',
  ],
  [
    'a bad time',
    Type.Object({ at: Type.String({ format: 'date-time' }) }),
    { at: 'soon' },
    'at must be an ISO 8601 time with its offset, such as 2026-01-31T09:00:00Z',
  ],
  [
    'an empty text',
    Type.Object({ name: Type.String({ minLength: 1 }) }),
    { name: '' },
    'name can not be blank',
  ],
  [
    'too many entries',
    Type.Object({ ids: Type.Array(Type.String(), { maxItems: 1 }) }),
    { ids: ['a', 'b'] },
    'ids must have at most 1 entry: split them over several requests',
  ],
  ['too small a number', Type.Object({ n: Type.Number({ minimum: 1 }) }), { n: 0 }, 'n must be at least 1'],
  [
    'an unknown member',
    Type.Object({ a: Type.Optional(Type.Object({}, { additionalProperties: false })) }),
    { a: { 'b/c': 1 } },
    'a.b/c is not known here: remove it',
  ],
  [
    'an unknown member of a nullable object',
    Type.Object({ a: Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]) }),
    { a: { b: 1 } },
    'a.b is not known here: remove it',
  ],
];

let server: HttpServer;

beforeAll(async () => {
  server = await createHttpServer({
    routes: [
      (http) => {
        bodies.forEach(([, body], index) => {
          http.post(
            `/basic/${index}`,
            { config: { access: 'public', envelope: 'basic' }, schema: { body } },
            () => 1,
          );
        });
        http.get(
          '/things/:id',
          {
            config: { access: 'public' },
            schema: { params: Type.Object({ id: Type.String({ format: 'uuid' }) }) },
          },
          () => 1,
        );
        http.get(
          '/list',
          {
            config: { access: 'public', envelope: 'basic' },
            schema: {
              querystring: Type.Object({
                limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
                ratio: Type.Optional(Type.Number()),
                exact: Type.Optional(Type.Boolean()),
                names: Type.Optional(Type.Array(Type.String())),
                text: Type.Optional(Type.String()),
              }),
            },
          },
          async (request) => request.query,
        );
      },
    ],
    authenticator: { authenticate: async () => ({ kind: 'anonymous' }) },
    log: pino({ level: 'silent' }),
    clock: new FakeClock(),
  });
});

afterAll(() => server.close());

describe('a refused body', () => {
  test.each(bodies.map(([name, , sent, told], index) => [name, index, sent, told] as const))(
    'with %s is told in a sentence',
    async (_name, index, sent, told) => {
      const answer = await server.http.inject({
        method: 'POST',
        url: `/basic/${index}`,
        payload: sent as object,
      });
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toEqual({ errors: [told] });
    },
  );

  test('that is missing is told as such', async () => {
    const answer = await server.http.inject({ method: 'POST', url: '/basic/0' });
    expect(answer.json()).toEqual({ errors: ['The request body must be an object, not missing'] });
  });
});

test('a bad UUID on a structured route is the documented refusal', async () => {
  const answer = await server.http.inject({ url: '/things/123' });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toEqual({
    errors: [{ code: 'request-1', title: 'Invalid UUID', meta: { id: '123' } }],
  });
});

async function list(query: string) {
  return (await server.http.inject({ url: `/list?${query}` })).json();
}

describe('a query string', () => {
  test('is read by the schema', async () => {
    expect(await list('limit=5&ratio=-1.5&exact=false&names=a&text=7')).toEqual({
      limit: 5,
      ratio: -1.5,
      exact: false,
      names: ['a'],
      text: '7',
    });
    expect(await list('names=a&names=b&limit=')).toEqual({ names: ['a', 'b'] });
  });

  test('may hold parameters that the route does not know', async () => {
    expect(await list('c=push&limit=5')).toEqual({ c: 'push', limit: 5 });
  });

  test.each([
    ['limit=51', 'limit must be at most 50'],
    ['limit=0x10', 'limit must be an integer, not a string'],
    ['limit=1e1', 'limit must be an integer, not a string'],
    ['exact=yes', 'exact must be a boolean, not a string'],
    ['text=a&text=b', 'text must be a string, not an array'],
  ])('of %s is refused', async (query, told) => {
    expect(await list(query)).toEqual({ errors: [told] });
  });
});
