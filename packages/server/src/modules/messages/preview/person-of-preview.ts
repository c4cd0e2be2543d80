import type { Channel, TemplatePreviewBody, User } from '@carillon/wire';
import type { Identity, Recipient, SubscriptionOfUser } from '../../identity/index.ts';
import { parseAddress } from '../../identity/index.ts';

/** Whom a preview is for, and everything that templates can say of them. */
export interface PreviewedPerson {
  readonly recipient: Recipient;
  readonly subscriptions: readonly SubscriptionOfUser[];
}

type MadeUp = NonNullable<TemplatePreviewBody['user_data']>;

const NOBODY: Recipient = {
  lane: 0,
  subscriptionId: '',
  userId: '',
  type: '',
  channel: 'email',
  token: '',
  reachable: true,
  device: null,
  externalId: null,
  language: null,
  timezoneId: null,
  country: null,
  tags: {},
};

/** The user whom an alias names, by their subscription of the channel if they have one. Throws `user-not-found`. */
export async function findPerson(
  identity: Pick<Identity, 'users'>,
  appId: string,
  channel: Channel,
  [label, value]: readonly [label: string, value: string],
): Promise<PreviewedPerson> {
  const user = await identity.users.view(appId, parseAddress(label, value));
  return { recipient: recipientOf(user, channel), subscriptions: user.subscriptions.map(presentOne) };
}

/** Somebody of whom no more is known than what is given. */
export function makeUpPerson(channel: Channel, given: MadeUp): PreviewedPerson {
  const token = channel === 'email' ? given.email : given.phone_number;
  const recipient = {
    ...NOBODY,
    channel,
    token: channel === 'push' ? '' : (token ?? ''),
    userId: given.onesignal_id ?? '',
    externalId: given.external_id ?? null,
    language: given.language ?? null,
    timezoneId: given.timezone_id ?? null,
    country: given.country ?? null,
    tags: given.tags ?? {},
  };
  return { recipient, subscriptions: [] };
}

function recipientOf({ identity, properties, subscriptions }: User, channel: Channel): Recipient {
  const ofChannel = subscriptions.filter(({ type }) => channelOf(type) === channel);
  const subscription = ofChannel.find(({ enabled }) => enabled) ?? ofChannel[0];
  return {
    ...NOBODY,
    channel,
    subscriptionId: subscription?.id ?? '',
    type: subscription?.type ?? '',
    token: subscription?.token ?? '',
    userId: identity['onesignal_id'] ?? '',
    externalId: identity['external_id'] ?? null,
    language: properties.language ?? null,
    timezoneId: properties.timezone_id ?? null,
    country: properties.country ?? null,
    tags: properties.tags,
  };
}

function channelOf(type: string): Channel {
  if (type === 'Email') return 'email';
  return type === 'SMS' ? 'sms' : 'push';
}

function presentOne({ id, type, token, enabled }: User['subscriptions'][number]): SubscriptionOfUser {
  return { id, type, subscription_token: token, enabled };
}
