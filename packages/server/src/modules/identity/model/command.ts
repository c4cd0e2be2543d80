import type { Operation } from './operation.ts';
import type { Told } from './told.ts';

/** What a client sets out to do: one operation, or several of which each depends on the answers before. */
export type Command =
  | Operation
  /** A device of an anonymous user, which it knows with its subscription, learns who the person is. */
  | { readonly do: 'login'; readonly user: string; readonly id: string; readonly external_id: string }
  /** The person leaves the device. */
  | { readonly do: 'logout'; readonly id: string };

/** Does it by `call`, as device SDKs are documented to. */
export async function perform(
  command: Command,
  call: (operation: Operation) => Promise<Told>,
): Promise<void> {
  if (command.do === 'login') return logIn(command, call);
  const leaves = command.do === 'logout';
  await call(leaves ? { do: 'create user', identity: {}, subscriptions: [{ id: command.id }] } : command);
}

async function logIn(
  { user, id, external_id }: Extract<Command, { do: 'login' }>,
  call: (operation: Operation) => Promise<Told>,
): Promise<void> {
  const anonymous = { label: 'onesignal_id', value: user };
  const named = await call({ do: 'add aliases', user: anonymous, identity: { external_id } });
  if (named.status === 200) return;
  await call({ do: 'create user', identity: { external_id }, subscriptions: [{ id }] });
}
