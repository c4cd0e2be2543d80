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
  switch (command.do) {
    case 'login': {
      const { external_id } = command;
      const user = { label: 'onesignal_id', value: command.user };
      const named = await call({ do: 'add aliases', user, identity: { external_id } });
      if (named.status === 200) return;
      await call({ do: 'create user', identity: { external_id }, subscriptions: [{ id: command.id }] });
      return;
    }
    case 'logout':
      await call({ do: 'create user', identity: {}, subscriptions: [{ id: command.id }] });
      return;
    default:
      await call(command);
  }
}
