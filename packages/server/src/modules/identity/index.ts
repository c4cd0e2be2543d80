export { Identity } from './identity.ts';
export type { IdentityOptions } from './identity.ts';
export { identityRoutes } from './routes.ts';
export type { Recipient, SubscriptionPlace, UserPlace } from './recipient.ts';
export type { AudiencePage, RecipientPage } from './recipient-store.ts';
export { identityErasers } from './app-erasers.ts';
