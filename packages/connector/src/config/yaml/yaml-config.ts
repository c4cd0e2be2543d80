import type { Back } from '../back.ts';
import type { OnDelete, Recipient, Transition } from '../config.ts';
import type { Row } from '../fields.ts';

/** What the schema lets through, as types. */
export interface YamlConfig {
  readonly name?: string;
  readonly home?: string;
  readonly homeKeys?: string;
  readonly source: YamlSource;
  readonly target: YamlTarget;
  readonly users?: YamlUsers;
  readonly events?: Readonly<Record<string, YamlEvent>>;
  readonly messages?: Readonly<Record<string, YamlMessage>>;
  readonly back?: YamlBack;
}

export type YamlSource = { readonly kind: string } & Row;
export type YamlTarget = { readonly kind?: 'carillon' | 'onesignal' } & Row;

export interface YamlUsers {
  readonly model: string | { readonly file: string };
  readonly key: string;
  readonly dirtyWhen: Readonly<Record<string, string>>;
  readonly externalId?: string;
  readonly aliases?: Readonly<Record<string, string>>;
  readonly language?: string;
  readonly country?: string;
  readonly timezone?: string;
  readonly tags?: Readonly<Record<string, string | { readonly column: string; readonly round?: number }>>;
  readonly subscriptions?: readonly YamlSubscription[];
  readonly onDelete?: OnDelete;
  readonly limits?: { readonly maxDeletes?: string | number };
}

export interface YamlSubscription {
  readonly type: 'email' | 'sms';
  readonly column: string;
  readonly enabled?: string;
  readonly consentAt?: string;
  readonly normalize?: 'E.164';
  readonly defaultCountry?: string;
}

export interface YamlEvent {
  readonly on: Transition<Row>;
  readonly user: string;
  readonly at?: string;
  readonly data?: Readonly<Record<string, string>>;
}

export interface YamlMessage {
  readonly on: Transition<Row>;
  readonly to: { readonly externalId: string; readonly channel: Recipient['channel'] };
  readonly template: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly maxAge?: string;
  readonly maxPerMinute?: number;
}

export type YamlBack = Omit<Back, 'writes'> & { readonly writes?: Readonly<Record<string, string>> };
