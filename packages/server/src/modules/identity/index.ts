export { Identity } from './identity.ts';
export type { IdentityOptions } from './identity.ts';
export { identityRoutes } from './routes.ts';
export type { Recipient, SubscriptionPlace, UserPlace } from './recipient.ts';
export type { AudiencePage, RecipientPage } from './recipient-store.ts';
export { locateSubscriptions } from './recipient-store.ts';
export { findByTokens } from './token-place-store.ts';
export { findBrokenRules } from './invariants-store.ts';
export type { BrokenRule } from './invariants-store.ts';
export type { SubscriptionOfUser } from './user-subscriptions-store.ts';
export { verifyIdentity } from './verification/verify-identity.ts';
export type { VerifyIdentityOptions } from './verification/verify-identity.ts';
export { DEFAULT_USER_POLICY } from './user-policy.ts';
export type { UserPolicy } from './user-policy.ts';
export { identityErasers } from './app-erasers.ts';
export { ErasedCounts, lanesOfPeople } from './personal-data/lanes-of-people.ts';
export type { PeopleInLane } from './personal-data/lanes-of-people.ts';
export type { DeletedPerson, Erased, PersonalData, Person } from './personal-data/personal-data.ts';
export { identityData } from './personal-data/personal-data-store.ts';
export { deviceTypeOf, typeOfDevice } from './players/device-type.ts';
export { BY_SYSTEM, sourceOf } from './change-source.ts';
export type { ChangeSource } from './change-source.ts';
export { isEmailAddress, isPhoneNumber, parseEmail, parsePhoneNumber } from './address.ts';
export { parseCountry, parseLanguage } from './locale.ts';
export { parseAddress } from './alias.ts';
export type { UserAddress } from './alias.ts';
export { parseCreateUser } from './user-write.ts';
export type { Life, UserWrite, WriteContext } from './user-write.ts';
export { undoChanged, undoCreated } from './undo/undo-store.ts';
export type { UndoContext } from './undo/undo-store.ts';
export type { UserBefore } from './undo/user-before-store.ts';
export type { Beside, Trace } from './bulk/beside.ts';
export type { BatchWriter } from './bulk/batch-writer.ts';
export type { Met } from './bulk/meet.ts';
export type { Outcome } from './bulk/outcome.ts';
export { WholeBatches } from './bulk/whole-batches.ts';
export type { KeyNames } from './user-history.ts';
export {
  changedUserData,
  noteChangesByEvents,
  noteChangesByMessages,
  readChangedUsers,
  takeChangedUsers,
  unwatchApp,
  watchApp,
} from './change-log-store.ts';
export type { ChangedUser, WatchedApp } from './change-log-store.ts';
