import { Type } from 'typebox';
import type { Static, TObject } from 'typebox';
import type { Transport } from '../transport.ts';
import type { AnySettings, Standing } from './provider-accounts.ts';
import type { ProviderStatus } from './provider-health.ts';
import type { AnyProviderKind } from './provider-kind.ts';

const time = (description: string) => Type.String({ format: 'date-time', description });
const since = time('When it began to answer nothing but "not now".');
const reason = Type.String({ description: 'What it last answered.' });
const status = Type.Union([
  Type.Object({ state: Type.Literal('working') }),
  Type.Object({
    state: Type.Literal('paused', { description: 'It is down, and nothing is handed to it.' }),
    since,
    next_try_at: time('When a few messages try it again.'),
    reason,
  }),
  Type.Object({
    state: Type.Literal('trying', { description: 'The next few messages show whether it is back.' }),
    since,
    reason,
  }),
]);

export const providerName = Type.String({
  pattern: '^[a-z0-9][a-z0-9_-]{0,31}$',
  description: 'Of small letters, digits, - and _: 32 at most.',
});
const order = Type.Integer({
  minimum: 1,
  maximum: 100,
  description: 'Those of the lowest order that work are asked first.',
});
const weight = Type.Integer({
  minimum: 1,
  maximum: 1_000,
  description: 'Its part among those of its order: one of 200 is asked twice as often as one of 100.',
});
const warmUp = Type.Union([
  Type.Null(),
  Type.Object(
    {
      starts_on: Type.String({
        format: 'date',
        description: 'The first day, of UTC. Nothing goes through the provider before.',
      }),
      per_day: Type.Array(Type.Integer({ minimum: 1, maximum: 1_000_000_000 }), {
        minItems: 1,
        maxItems: 366,
        description:
          'How many it is given on the first day, the second, …: after the last there is no limit.',
      }),
    },
    { additionalProperties: false },
  ),
]);
const MOST_DOMAINS = 100;
const domainLimits = Type.Union([
  Type.Null(),
  Type.Record(
    Type.String({ pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$' }),
    Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    {
      maxProperties: MOST_DOMAINS,
      additionalProperties: false,
      description: 'How many mails a minute go to a receiving domain, by its name in small letters.',
    },
  ),
]);

/** What every provider can be given beside the settings of its kind. */
export function standingFields(transport: Transport) {
  const fields = {
    order: Type.Optional(order),
    weight: Type.Optional(weight),
    warm_up: Type.Optional(warmUp),
  };
  return transport === 'email' ? { ...fields, domain_limits: Type.Optional(domainLimits) } : fields;
}

/** What is shown of an account: the sandbox's has the settings of the kind that it stands in for. */
export function shapeOf(transport: Transport, { kind, shown }: AnyProviderKind): TObject {
  return Type.Object({
    channel: Type.Literal(transport),
    name: providerName,
    order,
    weight,
    warm_up: warmUp,
    ...(transport === 'email' && { domain_limits: domainLimits }),
    ...shown.properties,
    kind: Type.Enum([kind, 'sandbox']),
    status,
  });
}

export interface GivenStanding {
  readonly order?: number;
  readonly weight?: number;
  readonly warm_up?: Static<typeof warmUp>;
  readonly domain_limits?: Static<typeof domainLimits>;
}

/** The settings of a kind, and what was given beside them: the rest of that stays as it is. */
export function splitStanding(given: AnySettings & GivenStanding): {
  readonly settings: AnySettings;
  readonly standing: Partial<Standing>;
} {
  const { order, weight, warm_up: plan, domain_limits: domainLimits, ...settings } = given;
  const warmUp = plan == null ? null : { startsOn: plan.starts_on, perDay: plan.per_day };
  const standing = {
    ...(order !== undefined && { order }),
    ...(weight !== undefined && { weight }),
    ...(plan !== undefined && { warmUp }),
    ...(domainLimits !== undefined && { domainLimits }),
  };
  return { settings, standing };
}

export function presentStatus(status: ProviderStatus) {
  if (status.state === 'working') return { state: status.state };
  const { state, reason } = status;
  const since = new Date(status.since).toISOString();
  if (state === 'trying') return { state, since, reason };
  return { state, since, next_try_at: new Date(status.nextTryAt).toISOString(), reason };
}
