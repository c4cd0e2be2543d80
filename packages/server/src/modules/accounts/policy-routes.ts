import { appPolicy, updateAppPolicyBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import { authorOf } from './audit/author.ts';
import type { AppPolicies } from './app-policies.ts';
import { presentPolicy } from './app-policy.ts';
import { IdentityKeys } from './identity-verification/identity-keys.ts';
import type { IdentityKeysOptions } from './identity-verification/identity-keys.ts';
import { identityKeyRoutes } from './identity-verification/identity-key-routes.ts';

const params = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const tags = ['Apps'];
const url = '/apps/:app_id/policy';

/**
 * What an app allows its users, and the keys of their identity tokens. Extensions of ours; changes take
 * the organization's key.
 */
export function policyRoutes(options: IdentityKeysOptions & { readonly policies: AppPolicies }): Routes {
  const { policies } = options;
  return (http) => {
    identityKeyRoutes(new IdentityKeys(options))(http);
    http.get(
      url,
      {
        config: { access: 'app' },
        schema: { tags, summary: 'View the policy of an app', params, response: { 200: appPolicy } },
      },
      async ({ appId }) => presentPolicy(await policies.get(appId)),
    );
    http.patch(
      url,
      {
        config: { access: 'organization', forbidden: 'organization-permission' },
        schema: {
          tags,
          summary: 'Change the policy of an app',
          params,
          body: updateAppPolicyBody,
          response: { 200: appPolicy },
        },
      },
      async (request) => presentPolicy(await policies.change(request.appId, request.body, authorOf(request))),
    );
  };
}
