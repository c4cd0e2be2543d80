import { Type } from 'typebox';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';

export interface SmppSettings {
  readonly kind: 'smpp';
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte. */
  readonly security: 'tls' | 'none';
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  /** Whom messages come from that do not say: a number, a short code, or a name. */
  readonly from: string;
  /** Type of number and numbering plan of senders; null: by what the sender looks like. */
  readonly sourceTon: number | null;
  readonly sourceNpi: number | null;
  readonly destinationTon: number;
  readonly destinationNpi: number;
  /** Most messages that wait for their answer at the same time. */
  readonly window: number;
  /** How texts of more than one segment go: in parts with a user data header, or whole as `message_payload`. */
  readonly longMessages: 'parts' | 'payload';
  /** How long the network tries to reach the telephone, in minutes; null: as long as the network thinks right. */
  readonly validityMinutes: number | null;
  /** Seconds without traffic after which the session is probed. */
  readonly enquireLinkSeconds: number;
}

const octets = (length: number, description: string) =>
  Type.String({ maxLength: length, pattern: '^[\\x20-\\x7e]*$', description });
const addressType = (description: string) => Type.Integer({ minimum: 0, maximum: 255, description });
const orNull = <Schema extends ReturnType<typeof addressType>>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

const shown = {
  kind: Type.Literal('smpp'),
  host: Type.String({ minLength: 1, maxLength: 320, description: 'The name or address of the SMSC.' }),
  port: Type.Integer({ minimum: 1, maximum: 65_535, description: '2775 when it is left out.' }),
  security: Type.Enum(['tls', 'none'], { description: '`tls`: from the first byte. `none` by default.' }),
  system_id: octets(64, 'The name to bind with.'),
  system_type: octets(12, 'What the SMSC calls this kind of client; mostly empty.'),
  from: Type.String({
    pattern: '^[\\x20-\\x7e]{1,20}$',
    description: 'Whom messages come from that do not say: a number, a short code, or a name.',
  }),
  source_ton: orNull(addressType('Type of number of senders; null: by what the sender looks like.')),
  source_npi: orNull(addressType('Numbering plan of senders; null: by what the sender looks like.')),
  destination_ton: addressType('Type of number of recipients; 1 (international) by default.'),
  destination_npi: addressType('Numbering plan of recipients; 1 (E.164) by default.'),
  window: Type.Integer({
    minimum: 1,
    maximum: 1_000,
    description: 'Most messages that wait for their answer at a time; 10 by default.',
  }),
  long_messages: Type.Enum(['parts', 'payload'], {
    description: '`parts`: several messages that the telephone joins. `payload`: one, which the SMSC cuts.',
  }),
  validity_minutes: Type.Union([
    Type.Integer({ minimum: 1, maximum: 10_080, description: 'How long the network tries.' }),
    Type.Null(),
  ]),
  enquire_link_seconds: Type.Integer({ minimum: 5, maximum: 600, description: '30 by default.' }),
};
const shownAccount = Type.Object(shown);

const body = Type.Object(
  {
    kind: shown.kind,
    host: shown.host,
    port: Type.Optional(shown.port),
    security: Type.Optional(shown.security),
    system_id: shown.system_id,
    password: octets(64, 'The password to bind with. Many SMSCs take no more than eight characters.'),
    system_type: Type.Optional(shown.system_type),
    from: shown.from,
    source_ton: Type.Optional(shown.source_ton),
    source_npi: Type.Optional(shown.source_npi),
    destination_ton: Type.Optional(shown.destination_ton),
    destination_npi: Type.Optional(shown.destination_npi),
    window: Type.Optional(shown.window),
    long_messages: Type.Optional(shown.long_messages),
    validity_minutes: Type.Optional(shown.validity_minutes),
    enquire_link_seconds: Type.Optional(shown.enquire_link_seconds),
  },
  { additionalProperties: false },
);

/** An SMSC that speaks SMPP 3.4. */
export const smppKind: ProviderKind<SmppSettings, typeof body, typeof shownAccount> = {
  transport: 'sms',
  kind: 'smpp',
  body,
  shown: shownAccount,
  secrets: ['password'],
  read: (given) => ({
    kind: 'smpp',
    host: given.host,
    port: given.port ?? 2775,
    security: given.security ?? 'none',
    systemId: given.system_id,
    password: given.password,
    systemType: given.system_type ?? '',
    from: given.from,
    sourceTon: given.source_ton ?? null,
    sourceNpi: given.source_npi ?? null,
    destinationTon: given.destination_ton ?? 1,
    destinationNpi: given.destination_npi ?? 1,
    window: given.window ?? 10,
    longMessages: given.long_messages ?? 'parts',
    validityMinutes: given.validity_minutes ?? null,
    enquireLinkSeconds: given.enquire_link_seconds ?? 30,
  }),
  show: (settings) => ({
    kind: 'smpp',
    host: settings.host,
    port: settings.port,
    security: settings.security,
    system_id: settings.systemId,
    system_type: settings.systemType,
    from: settings.from,
    source_ton: settings.sourceTon,
    source_npi: settings.sourceNpi,
    destination_ton: settings.destinationTon,
    destination_npi: settings.destinationNpi,
    window: settings.window,
    long_messages: settings.longMessages,
    validity_minutes: settings.validityMinutes,
    enquire_link_seconds: settings.enquireLinkSeconds,
  }),
};
