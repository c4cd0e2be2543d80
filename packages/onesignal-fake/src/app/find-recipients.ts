import { objectOf, textsOf } from '../call.ts';
import type { Call } from '../call.ts';
import type { Json } from '../reply.ts';
import { channelOf } from './user.ts';
import type { Channel, FakeSubscription } from './user.ts';

export type Targeting = 'aliases' | 'subscriptions' | 'emails' | 'phones' | 'segments';

export interface Recipients {
  readonly channel: Channel;
  readonly reached: readonly FakeSubscription[];
  /** Named and there, but not subscribed: what `errors` of the answer lists. */
  readonly unsubscribed: Json;
}

/** Default segments that stand for every subscribed user. */
const EVERYBODY: ReadonlySet<string> = new Set(['All', 'Subscribed Users', 'Active Users']);

/** How a message is targeted; undefined where it names nobody. */
export function targetingOf(body: Json): Targeting | undefined {
  if (body['include_aliases'] !== undefined || body['include_external_user_ids'] !== undefined)
    return 'aliases';
  if (body['include_subscription_ids'] !== undefined || body['include_player_ids'] !== undefined)
    return 'subscriptions';
  if (body['email_to'] !== undefined || body['include_email_tokens'] !== undefined) return 'emails';
  if (body['include_phone_numbers'] !== undefined) return 'phones';
  return body['included_segments'] === undefined ? undefined : 'segments';
}

export function findRecipients(call: Call, targeting: Targeting): Recipients {
  const { body, app } = call;
  const channel = channelOfMessage(body, targeting);
  switch (targeting) {
    case 'aliases': {
      const named = Object.entries({
        ...objectOf(body['include_aliases']),
        ...(body['include_external_user_ids'] !== undefined && {
          external_id: body['include_external_user_ids'],
        }),
      }).flatMap(([label, ids]) => textsOf(ids).map((id) => ({ label, id })));
      const reached: FakeSubscription[] = [];
      const off: Record<string, string[]> = {};
      for (const { label, id } of named) {
        for (const one of app.people.find(label, id)?.subscriptions ?? []) {
          if (channelOf(one.type) !== channel) continue;
          if (one.enabled) reached.push(one);
          else (off[label] ??= []).push(id);
        }
      }
      return {
        channel,
        reached,
        unsubscribed: Object.keys(off).length === 0 ? {} : { invalid_aliases: off },
      };
    }
    case 'subscriptions': {
      const ids = textsOf(body['include_subscription_ids'] ?? body['include_player_ids']);
      return sorted(
        channel,
        ids.flatMap((id) => app.people.subscription(id) ?? []),
        'invalid_player_ids',
        ({ id }) => id,
      );
    }
    case 'emails':
    case 'phones': {
      const type = targeting === 'emails' ? 'Email' : 'SMS';
      const tokens = textsOf(
        body['email_to'] ?? body['include_email_tokens'] ?? body['include_phone_numbers'],
      );
      // Unknown addresses get a subscription.
      const all = tokens.map((token) => app.people.byToken(type, token) ?? added(call, type, token));
      const list = targeting === 'emails' ? 'invalid_email_tokens' : 'invalid_phone_numbers';
      return sorted(channel, all, list, ({ token }) => token);
    }
    case 'segments': {
      const everybody = textsOf(body['included_segments']).some((name) => EVERYBODY.has(name));
      const all = everybody ? [...app.people.all()].flatMap(({ subscriptions }) => subscriptions) : [];
      const reached = all.filter(({ type, enabled }) => enabled && channelOf(type) === channel);
      return { channel, reached, unsubscribed: {} };
    }
  }
}

function added(call: Call, type: string, token: string): FakeSubscription {
  return call.app.people.subscribe(call.app.people.add(), type, token).subscription;
}

function sorted(
  channel: Channel,
  all: readonly FakeSubscription[],
  list: string,
  nameOf: (subscription: FakeSubscription) => string,
): Recipients {
  const off = all.filter(({ enabled }) => !enabled).map(nameOf);
  const reached = all.filter(({ enabled }) => enabled);
  return { channel, reached, unsubscribed: off.length === 0 ? {} : { [list]: off } };
}

function channelOfMessage(body: Json, targeting: Targeting): Channel {
  if (targeting === 'emails') return 'email';
  if (targeting === 'phones') return 'sms';
  const named = body['target_channel'] ?? body['channel_for_external_user_ids'];
  if (named === 'email' || named === 'sms') return named;
  if (body['isEmail'] === true || body['email_body'] !== undefined) return 'email';
  return body['isSms'] === true || body['sms_from'] !== undefined ? 'sms' : 'push';
}
