import { ApiError } from '../../../platform/http/api-error.ts';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import { newId } from '../../../platform/ids.ts';
import { isEmailAddress, isPhoneNumber, parseEmail, parsePhoneNumber } from '../../identity/index.ts';
import type { Identity } from '../../identity/index.ts';
import type { Addressee } from '../channel.ts';
import { pushTransportOf } from '../transport.ts';
import type { Transport } from '../transport.ts';

export type SubscriptionSource = Pick<Identity, 'locateSubscriptions' | 'recipients'>;

/** Who a test goes to: an address, or a subscription of the app. */
export interface TestTarget {
  readonly to?: string;
  readonly subscription_id?: string;
}

/** Throws ApiError `request-invalid` for a target that the way cannot reach, `subscription-0`. */
export async function findAddressee(
  identity: SubscriptionSource,
  appId: string,
  transport: Transport,
  { to, subscription_id: id }: TestTarget,
): Promise<Addressee> {
  if ((to === undefined) === (id === undefined)) {
    throw invalidField('to', 'must be given, or subscription_id instead of it');
  }
  if (to !== undefined) return { subscriptionId: newId(), token: addressOf(transport, to) };
  const [place] = await identity.locateSubscriptions(appId, [id ?? '']);
  if (place === undefined) throw new ApiError('subscription-0');
  const { lane, subscriptionId } = place;
  const [recipient] = await identity.recipients([{ lane, appId, ids: [subscriptionId] }]);
  if (recipient === undefined) throw new ApiError('subscription-0');
  const { type, channel, token, device } = recipient;
  const way = channel === 'push' ? pushTransportOf(type) : channel;
  if (way !== transport) {
    throw invalidField('subscription_id', `is of the type ${type}, which ${transport} does not reach`);
  }
  if (token === '') throw invalidField('subscription_id', 'has no address or token');
  return { subscriptionId, token, device };
}

function addressOf(transport: Transport, to: string): string {
  switch (transport) {
    case 'email':
      return isEmailAddress(to) ? parseEmail(to) : refuse('must be an email address such as ann@example.com');
    case 'sms':
      return isPhoneNumber(to) ? parsePhoneNumber(to) : refuse('must be a phone number such as +14155550100');
    case 'web_push':
      return refuse(
        'cannot be used for web_push, whose messages need keys of a browser: use subscription_id',
      );
    case 'ios_push':
    case 'android_push':
    case 'huawei_push':
    case 'amazon_push':
      return to;
  }
}

function refuse(rule: string): never {
  throw invalidField('to', rule);
}
