import type { Ids, Seen } from './history.ts';

/** A call of the API of users; null when there was no answer: whether it was done is open. */
export type Call = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
) => Promise<{ readonly status: number; readonly body: Body } | null>;

interface Body {
  readonly identity?: Readonly<Record<string, string>>;
  readonly properties?: { readonly tags?: Readonly<Record<string, string>> };
  readonly subscriptions?: readonly Subscription[];
}

interface Subscription {
  readonly id: string;
  readonly type: string;
  readonly device_model?: string;
}

/** The whole of a person in one request, each of its parts marked with the number of the write. */
export function wholePerson(person: string, write: number): object {
  const device_model = String(write);
  return {
    identity: { external_id: person, turn: `${person} ${write}` },
    properties: { tags: { write: device_model, [`w${write % 3}`]: device_model } },
    subscriptions: [
      { type: 'Email', token: `${person}@example.com`, device_model },
      { type: 'AndroidPush', token: `token-of-${person}`, device_model },
    ],
  };
}

/** The ids that an answer with the two subscriptions tells. */
export function idsOf({ identity, subscriptions = [] }: Body): Ids {
  const idOf = (type: string) => subscriptions.find((one) => one.type === type)?.id ?? null;
  return { user: identity?.['onesignal_id'] ?? 'none', email: idOf('Email'), push: idOf('AndroidPush') };
}

/** A person as the API shows it. */
export function readPerson(body: Body): Seen {
  const { identity = {}, properties, subscriptions = [] } = body;
  const write = properties?.tags?.['write'] ?? '0';
  const parts: Record<string, number> = {
    tag: Number(write),
    'second tag': Number(properties?.tags?.[`w${Number(write) % 3}`] ?? 0),
    alias: Number(identity['turn']?.split(' ').at(-1) ?? 0),
  };
  for (const { type, device_model } of subscriptions) parts[type] = Number(device_model ?? 0);
  return { ids: idsOf(body), parts, subscriptions: subscriptions.length };
}
