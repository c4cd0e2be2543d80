import { expectAnswer, textAt } from '../wire/expect-answer.ts';
import type { Caller } from '../wire/caller.ts';

export interface NewUser {
  readonly id: string;
  readonly externalId: string;
  readonly email: string;
  readonly subscriptionId: string;
  /** `/apps/…/users/by/external_id/…` */
  readonly path: string;
}

/** A user with an external_id, an email subscription and the tag `first`. */
export async function newUser(caller: Caller): Promise<NewUser> {
  const externalId = caller.newName('user');
  const email = caller.newEmail();
  const answer = await caller.call('POST', `/apps/${caller.app}/users`, {
    identity: { external_id: externalId },
    properties: { tags: { first: 'yes' } },
    subscriptions: [{ type: 'Email', token: email }],
  });
  expectAnswer(answer, [200, 201]);
  return {
    id: textAt(answer, 'identity.onesignal_id'),
    externalId,
    email,
    subscriptionId: textAt(answer, 'subscriptions.0.id'),
    path: `/apps/${caller.app}/users/by/external_id/${externalId}`,
  };
}
