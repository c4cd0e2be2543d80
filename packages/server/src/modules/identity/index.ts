export { Identity } from './identity.ts';
export type { IdentityOptions } from './identity.ts';
export { identityRoutes } from './routes.ts';
export type { Recipient, SubscriptionPlace, UserPlace } from './recipient.ts';
export type { AudiencePage, RecipientPage } from './recipient-store.ts';
export { verifyIdentity } from './verification/verify-identity.ts';
export type { VerifyIdentityOptions } from './verification/verify-identity.ts';
export { DEFAULT_USER_POLICY } from './user-policy.ts';
export type { UserPolicy } from './user-policy.ts';
