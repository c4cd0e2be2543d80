import type { UserPlace } from '../../identity/index.ts';
import type { FactSources } from './fact-sources.ts';
import type { Needs } from './needs.ts';
import type { Facts, MessageAction, SendChannel } from './run.ts';
import { NO_FACTS } from './run.ts';

/** What a run, or an entry, may ask for in this batch. */
export interface Asked {
  readonly appId: string;
  readonly user: UserPlace;
  readonly needs: Needs;
  /** Messages of the run that may be asked about. */
  readonly messages: readonly string[];
}

/** The facts of each user of a batch. */
export interface GatheredFacts {
  of(appId: string, userId: string): Facts;
  /** What a step writes is true for the next one of the same batch. */
  note(appId: string, userId: string, facts: Partial<Facts>): void;
}

/** Kept by app: what its users need. */
interface AskedOfApp {
  readonly segmentIds: Set<string>;
  readonly members: Map<string, UserPlace>;
  readonly people: Map<string, UserPlace>;
  readonly reached: Map<SendChannel, Map<string, UserPlace>>;
  readonly templateIds: Set<string>;
  readonly webhookIds: Set<string>;
}

/** One statement for each kind of fact that is needed, and for each app that sends something; none otherwise. */
export async function gatherFacts(asked: readonly Asked[], sources: FactSources): Promise<GatheredFacts> {
  const apps = new Map<string, AskedOfApp>();
  const messages = new Map<string, { lane: number; id: string }>();
  for (const one of asked) {
    note(apps, one);
    for (const id of one.messages) messages.set(id, { lane: one.user.lane, id });
  }
  const [actions, ...parts] = await Promise.all([
    messages.size === 0 ? NO_FACTS.actions : readActions([...messages.values()], sources),
    ...[...apps].map(async ([appId, app]) => [appId, await factsOfApp(appId, app, sources)] as const),
  ]);
  return new FactsOfBatch(new Map(parts), actions);
}

function note(apps: Map<string, AskedOfApp>, { appId, user, needs }: Asked): void {
  let app = apps.get(appId);
  if (app === undefined) {
    app = {
      segmentIds: new Set(),
      members: new Map(),
      people: new Map(),
      reached: new Map(),
      templateIds: new Set(),
      webhookIds: new Set(),
    };
    apps.set(appId, app);
  }
  if (needs.segmentIds.size > 0) app.members.set(user.userId, user);
  for (const id of needs.segmentIds) app.segmentIds.add(id);
  if (needs.tags || needs.timeZone || needs.lastActive) app.people.set(user.userId, user);
  for (const channel of needs.channels) {
    let users = app.reached.get(channel);
    if (users === undefined) app.reached.set(channel, (users = new Map()));
    users.set(user.userId, user);
  }
  for (const id of needs.templateIds) app.templateIds.add(id);
  for (const id of needs.webhookIds) app.webhookIds.add(id);
}

async function readActions(
  messages: readonly { readonly lane: number; readonly id: string }[],
  { messageActions }: FactSources,
): Promise<Facts['actions']> {
  const found = await messageActions(messages);
  return new Map([...found].map(([id, kinds]) => [id, new Set([...kinds].flatMap(actionOf))]));
}

/** In the words of journeys. */
function actionOf(kind: string): MessageAction[] {
  switch (kind) {
    case 'delivered':
      return ['received'];
    case 'opened':
    case 'clicked':
      return [kind];
    default:
      return [];
  }
}

interface FactsOfApp {
  /** The same for all of its users. */
  readonly common: Facts;
  readonly users: Map<string, Facts>;
}

async function factsOfApp(appId: string, app: AskedOfApp, sources: FactSources): Promise<FactsOfApp> {
  const { identity, contents, memberships, webhooksOf, rulesOf } = sources;
  const [rules, contentIds, webhooks, segments, people, ...reached] = await Promise.all([
    rulesOf(appId),
    app.templateIds.size === 0 ? NO_FACTS.contents : contents.contentIdsOf(appId, [...app.templateIds]),
    app.webhookIds.size === 0 ? NO_FACTS.webhooks : webhooksOf(appId, [...app.webhookIds]),
    app.members.size === 0
      ? new Map<string, ReadonlySet<string>>()
      : memberships.readMemberships(appId, [...app.members.values()], [...app.segmentIds]),
    app.people.size === 0 ? null : identity.userFacts([...app.people.values()]),
    ...[...app.reached].map(async ([channel, users]) => ({
      channel,
      found: await identity.subscriptionsOf(appId, [...users.values()], channel),
    })),
  ]);
  const common: Facts = {
    ...NO_FACTS,
    contents: contentIds,
    webhooks,
    appTimeZone: rules.timeZone,
    tagLimit: rules.tagLimit,
  };
  const users = new Map<string, Facts>();
  const add = (userId: string, facts: Partial<Facts>) =>
    void users.set(userId, { ...(users.get(userId) ?? common), ...facts });
  for (const [userId, ids] of segments) add(userId, { memberships: ids });
  for (const [userId, { tags, timezoneId, lastActive }] of people ?? []) {
    add(userId, { tags, timeZone: timezoneId, lastActive: lastActive.getTime() });
  }
  for (const { channel, found } of reached) {
    const targets = new Map<string, string[]>();
    for (const { userId, subscriptionId, reachable } of found) {
      if (!reachable) continue;
      const ids = targets.get(userId);
      if (ids === undefined) targets.set(userId, [subscriptionId]);
      else ids.push(subscriptionId);
    }
    for (const [userId, ids] of targets) {
      add(userId, { reachable: { ...users.get(userId)?.reachable, [channel]: ids.toSorted() } });
    }
  }
  return { common, users };
}

class FactsOfBatch implements GatheredFacts {
  readonly #apps: ReadonlyMap<string, FactsOfApp>;
  readonly #actions: Facts['actions'];

  constructor(apps: ReadonlyMap<string, FactsOfApp>, actions: Facts['actions']) {
    this.#apps = new Map(
      [...apps].map(([appId, { common, users }]) => [appId, { common: { ...common, actions }, users }]),
    );
    this.#actions = actions;
  }

  of(appId: string, userId: string): Facts {
    const app = this.#apps.get(appId);
    if (app === undefined) return NO_FACTS;
    const facts = app.users.get(userId);
    if (facts === undefined) return app.common;
    return facts.actions === this.#actions
      ? facts
      : this.#keep(app, userId, { ...facts, actions: this.#actions });
  }

  note(appId: string, userId: string, facts: Partial<Facts>): void {
    const app = this.#apps.get(appId);
    if (app !== undefined) this.#keep(app, userId, { ...this.of(appId, userId), ...facts });
  }

  #keep({ users }: FactsOfApp, userId: string, facts: Facts): Facts {
    users.set(userId, facts);
    return facts;
  }
}
