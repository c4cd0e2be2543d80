import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ApiError } from '../../../platform/http/api-error.ts';
import { oneOfKinds } from '../../../platform/http/one-of-kinds.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../../accounts/index.ts';
import { TRANSPORTS } from '../transport.ts';
import type { Transport } from '../transport.ts';
import { MAIN, shownStanding } from './provider-accounts.ts';
import type { AnySettings, NamedAccount, ProviderAccounts } from './provider-accounts.ts';
import type { ProviderHealth, ProviderStatus } from './provider-health.ts';
import { presentStatus, providerName, splitStanding, shapeOf, standingFields } from './shapes.ts';
import type { GivenStanding } from './shapes.ts';

const params = Type.Object({ app_id: Type.String({ format: 'uuid' }) });

/**
 * `/apps/{app_id}/channels/{email, sms, web_push, …}`: through whom an app sends, and below `/providers/{name}` the
 * others, where there are several. An extension of ours. What was set is shown without its secrets.
 */
export function providerAccountRoutes(accounts: ProviderAccounts, health: ProviderHealth): Routes[] {
  return TRANSPORTS.map((transport) => routesOf(transport, accounts, health));
}

function routesOf(channel: Transport, accounts: ProviderAccounts, health: ProviderHealth): Routes {
  const kinds = accounts.kindsOf(channel);
  const url = `/apps/:app_id/channels/${channel}`;
  const shown = Type.Union(kinds.map((kind) => shapeOf(channel, kind)));
  const listed = Type.Object({ providers: Type.Array(Type.Unsafe<object>(shown)) });
  const body = oneOfKinds(
    kinds.map(({ body }) =>
      Type.Object({ ...body.properties, ...standingFields(channel) }, { additionalProperties: false }),
    ),
  );
  const kindOf = (settings: AnySettings) => {
    const kind = kinds.find((one) => one.kind === settings.kind);
    if (kind === undefined) throw new Error(`no kind ${settings.kind} of providers for ${channel}`);
    return kind;
  };
  const present = (account: NamedAccount, isOwn: boolean, now: ProviderStatus = { state: 'working' }) => ({
    channel,
    name: account.name,
    ...shownStanding(account),
    ...kindOf(account.settings).show(account.settings),
    kind: isOwn ? account.settings.kind : 'sandbox',
    status: presentStatus(now),
  });
  const all = async (appId: string) => {
    const own = await accounts.own(appId, channel);
    const found = own.length > 0 ? own : await accounts.of(appId, channel);
    const statuses = await health.statusesOf(appId, channel);
    return found.map((account) => present(account, own.length > 0, statuses.get(account.name)));
  };
  const put = async (request: FastifyRequest, name: string) => {
    const { appId } = request;
    const { settings: given, standing } = splitStanding(request.body as AnySettings & GivenStanding);
    const kind = kindOf(given);
    const before = (await accounts.own(appId, channel)).find((one) => one.name === name)?.settings ?? null;
    const settings = kind.read({ ...given }, before?.kind === kind.kind ? before : null);
    return present(await accounts.set(appId, channel, { name, settings, standing }, authorOf(request)), true);
  };
  const unknown = (name: string) => new ApiError('provider-not-found', { params: { channel, name } });
  const ofName = Type.Object({ ...params.properties, name: providerName });
  const config = { access: 'app' } as const;
  return (http) => {
    http.get(
      url,
      {
        config,
        schema: {
          summary: `Show the provider of ${channel}`,
          description: 'The first, where there are several.',
          params,
          response: { 200: shown },
        },
      },
      async ({ appId }) => {
        const [first] = await all(appId);
        if (first === undefined) throw new ApiError('channel-not-configured', { params: { channel } });
        return first;
      },
    );
    http.put(
      url,
      {
        config,
        schema: {
          summary: `Set the provider of ${channel}`,
          description: 'Replaces what was set before, secrets included. Its name is `main`.',
          params,
          body,
          response: { 200: shown },
        },
      },
      (request) => put(request, MAIN),
    );
    http.delete(
      url,
      {
        config,
        schema: {
          summary: `Forget the provider of ${channel}`,
          description:
            'The one of the name `main`. An app that has no other sends through the sandbox again, where there is one.',
          params,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await accounts.remove(request.appId, channel, MAIN, authorOf(request));
        return { success: true };
      },
    );
    http.get(
      `${url}/providers`,
      {
        config,
        schema: {
          summary: `List the providers of ${channel}`,
          description: 'In the order in which they are asked.',
          params,
          response: { 200: listed },
        },
      },
      async ({ appId }) => ({ providers: await all(appId) }),
    );
    http.get(
      `${url}/providers/:name`,
      {
        config,
        schema: { summary: `Show a provider of ${channel}`, params: ofName, response: { 200: shown } },
      },
      async ({ appId, params: { name } }) => {
        const found = (await all(appId)).find((one) => one.name === name);
        if (found === undefined) throw unknown(name);
        return found;
      },
    );
    http.put(
      `${url}/providers/:name`,
      {
        config,
        schema: {
          summary: `Set a provider of ${channel}`,
          description:
            'Beside the others: `order` and `weight` say who is asked when. Replaces what was set under this name before, secrets included; `order`, `weight`, `warm_up` and `domain_limits` stay when they are left away.',
          params: ofName,
          body,
          response: { 200: shown },
        },
      },
      (request) => put(request, request.params.name),
    );
    http.delete(
      `${url}/providers/:name`,
      {
        config,
        schema: {
          summary: `Forget a provider of ${channel}`,
          params: ofName,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        const { appId, params } = request;
        const isRemoved = await accounts.remove(appId, channel, params.name, authorOf(request));
        if (!isRemoved) throw unknown(params.name);
        return { success: true };
      },
    );
  };
}
