import type { Principal } from '../../platform/http/route.ts';

/** The organization whose key was presented. Routes that ask this let nobody in without one. */
export function organizationOf(principal: Principal): string {
  switch (principal.kind) {
    case 'app-key':
    case 'organization-key':
      return principal.organizationId;
    case 'identity-token':
    case 'anonymous':
      throw new Error('A route that needs an organization is open to anyone.');
  }
}
