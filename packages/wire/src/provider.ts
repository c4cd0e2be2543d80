import { Type } from 'typebox';
import type { Static } from 'typebox';

/** By which way a message leaves, as `/apps/{app_id}/channels/{channel}` names it. */
export type ProviderChannel =
  | 'email'
  | 'sms'
  | 'web_push'
  | 'ios_push'
  | 'android_push'
  | 'huawei_push'
  | 'amazon_push';

/** How many a provider is given on the first day, the second, …: days of UTC, from `starts_on` on. */
export interface ProviderWarmUp {
  /** `2026-12-01` */
  readonly starts_on: string;
  readonly per_day: readonly number[];
}

/** The settings of a provider: `kind` says which further members there are. */
export interface ProviderBody {
  readonly kind: string;
  /** From 1 to 100: those of the lowest order that work are asked first. */
  readonly order?: number;
  /** From 1 to 1,000: its part among those of its order. */
  readonly weight?: number;
  readonly warm_up?: ProviderWarmUp | null;
  /** Of emails: how many a minute go to a receiving domain. */
  readonly domain_limits?: Readonly<Record<string, number>> | null;
  readonly [setting: string]: unknown;
}

/** `next_try_at` and `since` are ISO 8601. */
export type ProviderStatusView =
  | { readonly state: 'working' }
  | {
      readonly state: 'paused';
      readonly since: string;
      readonly next_try_at: string;
      readonly reason: string;
    }
  | { readonly state: 'trying'; readonly since: string; readonly reason: string };

/** A provider as it is shown: without its secrets. */
export interface ProviderView {
  readonly channel: ProviderChannel;
  readonly name: string;
  readonly order: number;
  readonly weight: number;
  readonly warm_up: ProviderWarmUp | null;
  readonly kind: string;
  readonly status: ProviderStatusView;
  readonly [setting: string]: unknown;
}

export interface ProviderList {
  readonly providers: readonly ProviderView[];
}

/** An address, or a subscription of the app. */
export const testSendBody = Type.Object(
  {
    to: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4_096,
        description: 'An email address, a phone number, a push token.',
      }),
    ),
    subscription_id: Type.Optional(
      Type.String({ format: 'uuid', description: 'A subscription of the app, instead of `to`.' }),
    ),
    provider: Type.Optional(Type.String({ description: 'The name of one; the first when absent.' })),
  },
  { additionalProperties: false },
);
export type TestSendBody = Static<typeof testSendBody>;

export const testSendAnswer = Type.Object({
  channel: Type.String(),
  provider: Type.String(),
  state: Type.Enum(['sent', 'failed', 'retry'], {
    description: 'Taken; refused for good; or not now: a message would be tried again.',
  }),
  reason: Type.Union([Type.String(), Type.Null()], {
    description: 'What the provider said, or its protocol.',
  }),
  provider_message_id: Type.Union([Type.String(), Type.Null()]),
  milliseconds: Type.Integer({ description: 'What the hand-over took.' }),
});
export type TestSendAnswer = Static<typeof testSendAnswer>;
