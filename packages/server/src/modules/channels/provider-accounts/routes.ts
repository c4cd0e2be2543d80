import { Type } from 'typebox';
import type { TObject } from 'typebox';
import { ApiError } from '../../../platform/http/api-error.ts';
import { oneOfKinds } from '../../../platform/http/one-of-kinds.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../../accounts/index.ts';
import { TRANSPORTS } from '../transport.ts';
import type { Transport } from '../transport.ts';
import type { AnySettings, ProviderAccounts } from './provider-accounts.ts';
import type { ProviderHealth, ProviderStatus } from './provider-health.ts';
import type { AnyProviderKind } from './provider-kind.ts';

const params = Type.Object({ app_id: Type.String({ format: 'uuid' }) });

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

/** What is shown of an account: the sandbox's has the settings of the kind that it stands in for. */
function shapeOf(transport: Transport, { kind, shown }: AnyProviderKind): TObject {
  return Type.Object({
    channel: Type.Literal(transport),
    ...shown.properties,
    kind: Type.Enum([kind, 'sandbox']),
    status,
  });
}

/**
 * `/apps/{app_id}/channels/{email, sms, web_push, …}`: through whom an app sends. An extension of ours. What was
 * set is shown without its secrets.
 */
export function providerAccountRoutes(accounts: ProviderAccounts, health: ProviderHealth): Routes[] {
  return TRANSPORTS.map((transport) => routesOf(transport, accounts, health));
}

function routesOf(channel: Transport, accounts: ProviderAccounts, health: ProviderHealth): Routes {
  const kinds = accounts.kindsOf(channel);
  const url = `/apps/:app_id/channels/${channel}`;
  const shown = Type.Union(kinds.map((kind) => shapeOf(channel, kind)));
  const kindOf = (settings: AnySettings) => {
    const kind = kinds.find((one) => one.kind === settings.kind);
    if (kind === undefined) throw new Error(`no kind ${settings.kind} of providers for ${channel}`);
    return kind;
  };
  const present = (settings: AnySettings, isOwn: boolean, now: ProviderStatus) => ({
    channel,
    ...kindOf(settings).show(settings),
    kind: isOwn ? settings.kind : 'sandbox',
    status: presentStatus(now),
  });
  return (http) => {
    http.get(
      url,
      {
        config: { access: 'app' },
        schema: { summary: `Show the provider of ${channel}`, params, response: { 200: shown } },
      },
      async ({ appId }) => {
        const own = await accounts.own(appId, channel);
        const account = own ?? (await accounts.of(appId, channel));
        if (account === null) throw new ApiError('channel-not-configured', { params: { channel } });
        return present(account.settings, own !== null, await health.statusOf(appId, channel));
      },
    );
    http.put(
      url,
      {
        config: { access: 'app' },
        schema: {
          summary: `Set the provider of ${channel}`,
          description: 'Replaces what was set before, secrets included.',
          params,
          body: oneOfKinds(kinds.map(({ body }) => body)),
          response: { 200: shown },
        },
      },
      async (request) => {
        const settings = kindOf(request.body as AnySettings).read(request.body as never);
        await accounts.set(request.appId, channel, settings, authorOf(request));
        return present(settings, true, { state: 'working' });
      },
    );
    http.delete(
      url,
      {
        config: { access: 'app' },
        schema: {
          summary: `Forget the provider of ${channel}`,
          description: 'The app sends through the sandbox again, where there is one.',
          params,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await accounts.remove(request.appId, channel, authorOf(request));
        return { success: true };
      },
    );
  };
}

function presentStatus(status: ProviderStatus) {
  if (status.state === 'working') return { state: status.state };
  const { state, reason } = status;
  const since = new Date(status.since).toISOString();
  if (state === 'trying') return { state, since, reason };
  return { state, since, next_try_at: new Date(status.nextTryAt).toISOString(), reason };
}
