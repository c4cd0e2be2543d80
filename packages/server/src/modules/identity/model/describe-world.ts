import type { ModelSubscription, World } from './world.ts';

/** The same text for the same world: for comparing, and for people who look for the difference. */
export function describeWorld(world: World): string {
  const users = [...world.users.values()].map(
    ({ id, aliases, tags, sessions, lastActive }) =>
      `user ${id} ${sorted(aliases)} tags ${sorted(tags)} sessions ${sessions} active ${timeOf(lastActive)}` +
      world.of(id).map(lineOf).toSorted().join(''),
  );
  const lost = [...world.subscriptions.values()].filter(({ owner }) => !world.users.has(owner));
  return [...users.toSorted(), ...lost.map((one) => `of nobody: ${lineOf(one)}`)].join('\n');
}

function lineOf(one: ModelSubscription): string {
  const state = `${one.enabled ? 'on' : 'off'} ${one.notificationTypes} sessions ${one.sessions}`;
  const times = `active ${timeOf(one.lastActive)} since ${timeOf(one.createdAt)}`;
  return `\n  ${one.type} ${JSON.stringify(one.token)} ${one.id} ${state} ${times}`;
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

function sorted(map: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
