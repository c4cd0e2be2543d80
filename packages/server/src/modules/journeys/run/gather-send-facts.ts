import type { Identity, UserPlace } from '../../identity/index.ts';
import type { PendingStep, SendFacts } from './resolve-sends.ts';

/** What templates say now. Part of the templates module's front door. */
export interface CurrentContents {
  /** Template ids of an app to the ids of their contents, in one statement; unknown ones are absent. */
  contentIdsOf(appId: string, templateIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Asks for everything that the effects of a batch need: two statements for each app that sends. */
export async function gatherSendFacts(
  steps: readonly PendingStep[],
  identity: Pick<Identity, 'subscriptionsOf'>,
  contents: CurrentContents,
): Promise<SendFacts> {
  const users = new Map<string, Map<string, UserPlace>>();
  const templates = new Map<string, Set<string>>();
  for (const { journey, user, effects } of steps) {
    if (journey === null || effects.length === 0) continue;
    at(users, journey.appId, () => new Map<string, UserPlace>()).set(user.userId, user);
    for (const { templateId } of effects)
      at(templates, journey.appId, () => new Set<string>()).add(templateId);
  }
  const targets = new Map<string, string[]>();
  const contentIds = new Map<string, string>();
  await Promise.all(
    [...users].map(async ([appId, places]) => {
      const [subscriptions, current] = await Promise.all([
        identity.subscriptionsOf(appId, [...places.values()], 'email'),
        contents.contentIdsOf(appId, [...(templates.get(appId) ?? [])]),
      ]);
      for (const { userId, subscriptionId, reachable } of subscriptions) {
        if (reachable) at(targets, userId, () => [] as string[]).push(subscriptionId);
      }
      for (const [templateId, contentId] of current) contentIds.set(`${appId} ${templateId}`, contentId);
    }),
  );
  for (const ids of targets.values()) ids.sort();
  return {
    targets: (_, user) => targets.get(user.userId) ?? [],
    contentId: (appId, templateId) => contentIds.get(`${appId} ${templateId}`),
  };
}

function at<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
