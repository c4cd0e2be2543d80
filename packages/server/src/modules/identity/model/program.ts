import fc from 'fast-check';
import type { Command } from './command.ts';
import type { Address, Entry, Identity, SubscriptionChange } from './operation.ts';
import type { Program } from './play.ts';

// Few names, so that everybody wants the same ones.
const externalId = fc.constantFrom('anna', 'ben', 'cleo');
const crm = fc.constantFrom('1', '2');
const label = fc.constantFrom('external_id', 'crm');
const user = fc.nat(5).map((number) => `user ${number}`);
const id = fc.nat(5).map((number) => `subscription ${number}`);

const identity: fc.Arbitrary<Identity> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ external_id: externalId }) },
  fc.record({ crm }),
  fc.record({ external_id: externalId, crm }),
);
const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({ label: fc.constant('external_id'), value: externalId }),
  fc.record({ label: fc.constant('crm'), value: crm }),
  fc.record({ label: fc.constant('onesignal_id'), value: user }),
);
const tags = fc.dictionary(fc.constantFrom('plan', 'city'), fc.constantFrom('', 'x', 'y'), {
  maxKeys: 2,
  noNullPrototype: true,
});
const optIn: fc.Arbitrary<SubscriptionChange> = fc.record(
  { enabled: fc.boolean(), notification_types: fc.constantFrom(1, -2, 0, -8) },
  { requiredKeys: [], noNullPrototype: true },
);

/** What programs are like. */
export interface Shape {
  readonly turns: number;
  /** Commands of one turn: least and most. */
  readonly atOnce: readonly [number, number];
  /** Email addresses there are, and half as many phones and browsers. */
  readonly devices: number;
  /** Subscriptions that one request may name. */
  readonly entries: number;
  /** Kinds of commands that are left out. */
  readonly without?: readonly Command['do'][];
}

export function programs({ turns, atOnce: [least, most], ...shape }: Shape): fc.Arbitrary<Program> {
  const turn = fc.array(command(shape), { minLength: least, maxLength: most });
  return fc.array(turn, { minLength: 1, maxLength: turns, size: 'max' });
}

/** Any command: those that bring people about come more often than those that part them. */
function command({ devices, entries: most, without = [] }: Omit<Shape, 'turns' | 'atOnce'>) {
  const email = fc.nat(devices - 1).map((number) => `${number}@example.com`);
  const few = fc.nat(Math.ceil(devices / 2) - 1);
  const device = fc.oneof(
    { weight: 3, arbitrary: email.map((token) => ({ type: 'Email', token })) },
    few.map((number) => ({ type: 'SMS', token: `+1555010000${number}` })),
    few.map((number) => ({ type: 'ChromePush', token: `https://push.example/${number}` })),
    fc.constant({ type: 'ChromePush', token: '' }),
    fc.record({ id }),
  );
  const subscription: fc.Arbitrary<Entry> = fc
    .tuple(device, fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, optIn))
    .map(([one, asked]) => ({ ...one, ...asked }));
  const subscriptions = fc.array(subscription, { maxLength: most });
  const kinds = [
    saying(5, 'create user', { identity, tags, subscriptions, alive: fc.boolean() }),
    saying(2, 'create user', { identity: fc.constant({}), subscriptions }),
    saying(1, 'create user', { identity: fc.record({ onesignal_id: user }), tags, subscriptions }),
    saying(4, 'login', { user, id, external_id: externalId }),
    saying(2, 'logout', { id }),
    saying(3, 'add aliases', { user: address, identity }),
    saying(2, 'add aliases', { user: address, identity, take: fc.constant(true) }),
    saying(2, 'name owner', { id, identity }),
    saying(2, 'merge', { user: address, from: address }),
    saying(2, 'delete alias', { user: address, label }),
    saying(3, 'add subscription', { user: address, subscription }),
    saying(4, 'transfer', { id, to: address }),
    saying(2, 'change subscription', { id, change: optIn }),
    saying(2, 'change by token', {
      type: fc.constant('Email'),
      token: email,
      change: fc.record({ token: email }),
    }),
    saying(2, 'delete subscription', { id }),
    saying(2, 'update user', { user: address, tags }),
    saying(2, 'count sessions', { user: address, sessions: fc.integer({ min: 1, max: 3 }), id }),
    saying(2, 'delete user', { user: address }),
    saying(1, 'view user', { user: address }),
    saying(1, 'view owner', { id }),
  ];
  return fc.oneof(...kinds.filter(({ kind }) => !without.includes(kind)));
}

/** The commands of one kind, with the weight that it has among all. */
function saying<Kind extends Command['do']>(
  weight: number,
  kind: Kind,
  rest: { [Key in keyof Omit<Said<Kind>, 'do'>]: fc.Arbitrary<Omit<Said<Kind>, 'do'>[Key]> },
): { kind: Kind; weight: number; arbitrary: fc.Arbitrary<Command> } {
  const arbitrary = fc.record<Record<string, unknown>>(rest, { noNullPrototype: true });
  return { kind, weight, arbitrary: arbitrary.map((said) => ({ do: kind, ...said }) as Command) };
}

type Said<Kind extends Command['do']> = Extract<Command, { do: Kind }>;
