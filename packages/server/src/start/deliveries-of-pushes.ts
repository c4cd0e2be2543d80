import { typesOfPushTransport } from '../modules/channels/index.ts';
import type { DeliveryReference, NamedPush } from '../modules/channels/index.ts';
import { findByTokens, locateSubscriptions } from '../modules/identity/index.ts';
import type { SubscriptionPlace } from '../modules/identity/index.ts';
import { findAppsOfMessages, findByActivityTokens } from '../modules/messages/index.ts';
import type { Database } from '../platform/database/database.ts';
import { inGroups } from '../platform/in-groups.ts';

/** The deliveries that pushes are, in their order; null for a message or a token that no app has. */
export async function findDeliveriesOfPushes(
  database: Database,
  pushes: readonly NamedPush[],
): Promise<(DeliveryReference | null)[]> {
  const apps = await findAppsOfMessages(
    database,
    pushes.map(({ messageId }) => messageId),
  );
  const appOf = ({ messageId }: NamedPush) => apps.get(messageId) ?? '';
  return inGroups(
    pushes,
    (push) => `${appOf(push)} ${push.transport}`,
    async (place, together) => {
      const [appId = ''] = place.split(' ');
      if (appId === '') return together.map(() => null);
      return findInApp(database, appId, together);
    },
  );
}

/** The pushes go one way. */
async function findInApp(
  database: Database,
  appId: string,
  pushes: readonly NamedPush[],
): Promise<(DeliveryReference | null)[]> {
  const tokens = pushes.map(({ token }) => token);
  const places = new Map<string, SubscriptionPlace>();
  for (const type of typesOfPushTransport(pushes[0]?.transport ?? 'web_push')) {
    for (const [token, place] of await findByTokens(database, appId, type, tokens)) places.set(token, place);
  }
  const activities = await findByActivityTokens(
    database,
    appId,
    tokens.filter((token) => !places.has(token)),
  );
  const located = await locateSubscriptions(database, appId, [...new Set(activities.values())]);
  for (const [token, id] of activities) {
    const place = located.find(({ subscriptionId }) => subscriptionId === id);
    if (place !== undefined) places.set(token, place);
  }
  return pushes.map(({ messageId, token }) => {
    const place = places.get(token);
    if (place === undefined) return null;
    return { messageId, lane: place.lane, subscriptionId: place.subscriptionId };
  });
}

/** The app of a message, or null when there is no such message. */
export async function appOfMessage(database: Database, messageId: string): Promise<string | null> {
  return (await findAppsOfMessages(database, [messageId])).get(messageId) ?? null;
}
