import { Type } from 'typebox';
import type { Static } from 'typebox';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../../accounts/index.ts';
import type { EmailSettings } from '../email/email-account.ts';
import type { ProviderAccounts } from './provider-accounts.ts';
import type { ProviderHealth, ProviderStatus } from './provider-health.ts';

const params = Type.Object({ app_id: Type.String({ format: 'uuid' }), channel: Type.Enum(['email']) });

const text = (about: string) => Type.String({ minLength: 1, maxLength: 320, description: about });
const shown = {
  host: text('The name or address of the mail server.'),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  security: Type.Enum(['tls', 'starttls', 'opportunistic', 'none'], {
    description:
      '`tls`: from the first byte (port 465). `starttls`: encrypted or not at all (port 587). `opportunistic`: encrypted where the server offers it. `none`: never.',
  }),
  connections: Type.Integer({ minimum: 1, maximum: 100, description: 'Most connections at a time.' }),
  from_name: Type.String({ maxLength: 320 }),
  from_address: Type.String({ format: 'email', maxLength: 320 }),
};
const user = Type.Union([text('The name to log in with.'), Type.Null()]);

const smtpAccount = Type.Object(
  {
    kind: Type.Literal('smtp'),
    ...shown,
    connections: Type.Optional(shown.connections),
    from_name: Type.Optional(shown.from_name),
    user: Type.Optional(user),
    password: Type.Optional(Type.Union([Type.String({ maxLength: 4_096 }), Type.Null()])),
  },
  { additionalProperties: false },
);
const nullAccount = Type.Object(
  { kind: Type.Literal('null', { description: 'Takes every message and drops it.' }) },
  { additionalProperties: false },
);
const body = Type.Union([smtpAccount, nullAccount]);

const time = (description: string) => Type.String({ format: 'date-time', description });
const since = time('When it began to answer nothing but "not now".');
const reason = Type.String({ description: 'What it last answered.' });
const status = Type.Union([
  Type.Object({ state: Type.Literal('working') }),
  Type.Object({
    state: Type.Literal('paused', { description: 'It is down, and nothing is handed to it.' }),
    since,
    next_try_at: time('When a few messages try it again.'),
    reason,
  }),
  Type.Object({
    state: Type.Literal('trying', { description: 'The next few messages show whether it is back.' }),
    since,
    reason,
  }),
]);

const shownAccount = Type.Union([
  Type.Object({
    channel: Type.Literal('email'),
    kind: Type.Enum(['smtp', 'sandbox']),
    ...shown,
    user,
    has_password: Type.Boolean(),
    status,
  }),
  Type.Object({ channel: Type.Literal('email'), kind: Type.Literal('null'), status }),
]);

const DEFAULT_CONNECTIONS = 5;

/**
 * `/apps/{app_id}/channels/{channel}`: through whom an app sends. An extension of ours. What was set
 * is shown without its secrets.
 */
export function providerAccountRoutes(accounts: ProviderAccounts, health: ProviderHealth): Routes {
  return (http) => {
    const url = '/apps/:app_id/channels/:channel';
    http.get(
      url,
      {
        config: { access: 'app' },
        schema: { summary: 'Show the provider of a channel', params, response: { 200: shownAccount } },
      },
      async ({ appId, params: { channel } }) => {
        const own = await accounts.ownEmail(appId);
        const account = own ?? (await accounts.email(appId));
        if (account === null) throw new ApiError('channel-not-configured', { params: { channel } });
        return present(account.settings, own !== null, await health.statusOf(appId, channel));
      },
    );
    http.put(
      url,
      {
        config: { access: 'app' },
        schema: {
          summary: 'Set the provider of a channel',
          description: 'Replaces what was set before, secrets included.',
          params,
          body,
          response: { 200: shownAccount },
        },
      },
      async (request) => {
        const settings = parse(request.body);
        await accounts.setEmail(request.appId, settings, authorOf(request));
        return present(settings, true, { state: 'working' });
      },
    );
    http.delete(
      url,
      {
        config: { access: 'app' },
        schema: {
          summary: 'Forget the provider of a channel',
          description: 'The app sends through the sandbox again, where there is one.',
          params,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await accounts.removeEmail(request.appId, authorOf(request));
        return { success: true };
      },
    );
  };
}

function parse(body: Static<typeof smtpAccount> | Static<typeof nullAccount>): EmailSettings {
  if (body.kind === 'null') return body;
  return {
    kind: 'smtp',
    host: body.host,
    port: body.port,
    security: body.security,
    user: body.user ?? null,
    password: body.password ?? null,
    connections: body.connections ?? DEFAULT_CONNECTIONS,
    fromName: body.from_name ?? '',
    fromAddress: body.from_address,
  };
}

function present(settings: EmailSettings, own: boolean, health: ProviderStatus): Static<typeof shownAccount> {
  const status = presentStatus(health);
  if (settings.kind === 'null') return { channel: 'email', kind: 'null', status };
  const { host, port, security, connections, user, password } = settings;
  return {
    channel: 'email',
    kind: own ? 'smtp' : 'sandbox',
    host,
    port,
    security,
    connections,
    from_name: settings.fromName,
    from_address: settings.fromAddress,
    user,
    has_password: password !== null,
    status,
  };
}

function presentStatus(status: ProviderStatus): Static<typeof shownAccount>['status'] {
  if (status.state === 'working') return { state: 'working' };
  const { state, reason } = status;
  const since = new Date(status.since).toISOString();
  if (state === 'trying') return { state, since, reason };
  return { state, since, next_try_at: new Date(status.nextTryAt).toISOString(), reason };
}
