import { Type } from 'typebox';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import { dkimBody, dkimShown, readDkim, showDkim } from '../dkim/dkim-fields.ts';
import { LABEL } from '../domain-label.ts';
import type { SmtpSettings } from './smtp-account.ts';

/** With the 64 letters before it and the @, an address stays within the 254 that SMTP allows. */
const LONGEST_BOUNCE_DOMAIN = 189;
const text = (description: string) => Type.String({ minLength: 1, maxLength: 320, description });

const said = {
  host: text('The name or address of the mail server.'),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  security: Type.Enum(['tls', 'starttls', 'opportunistic', 'none'], {
    description:
      '`tls`: from the first byte (port 465). `starttls`: encrypted or not at all (port 587). `opportunistic`: encrypted where the server offers it. `none`: never.',
  }),
  connections: Type.Integer({ minimum: 1, maximum: 100, description: 'Most connections at a time.' }),
  from_name: Type.String({ maxLength: 320 }),
  from_address: Type.String({ format: 'email', maxLength: 320 }),
};
const bounceDomain = Type.Union(
  [Type.String({ pattern: `^${LABEL}(?:\\.${LABEL})+$`, maxLength: LONGEST_BOUNCE_DOMAIN }), Type.Null()],
  {
    description:
      'A domain, in lower case and ASCII, whose mail comes to the bounce port of this server (`CARILLON_BOUNCE_PORT`): servers that could not deliver a mail after they had taken it report there.',
  },
);
const user = Type.Union([text('The name to log in with.'), Type.Null()]);

const body = Type.Object(
  {
    kind: Type.Literal('smtp'),
    ...said,
    connections: Type.Optional(said.connections),
    from_name: Type.Optional(said.from_name),
    user: Type.Optional(user),
    dkim: Type.Optional(dkimBody),
    bounce_domain: Type.Optional(bounceDomain),
    password: Type.Optional(Type.Union([Type.String({ maxLength: 4_096 }), Type.Null()])),
  },
  { additionalProperties: false },
);

const shown = Type.Object({
  kind: Type.Literal('smtp'),
  ...said,
  user,
  has_password: Type.Boolean(),
  dkim: dkimShown,
  bounce_domain: bounceDomain,
});

const DEFAULT_CONNECTIONS = 5;

/** Any mail server that speaks SMTP. */
export const smtpKind: ProviderKind<SmtpSettings, typeof body, typeof shown> = {
  transport: 'email',
  kind: 'smtp',
  body,
  shown,
  secrets: ['password', 'dkim.privateKey'],
  read: ({ host, port, security, ...given }) => ({
    kind: 'smtp',
    host,
    port,
    security,
    user: given.user ?? null,
    password: given.password ?? null,
    connections: given.connections ?? DEFAULT_CONNECTIONS,
    fromName: given.from_name ?? '',
    fromAddress: given.from_address,
    dkim: readDkim(given.dkim ?? null),
    bounceDomain: given.bounce_domain ?? null,
  }),
  show: ({ password, fromName, fromAddress, dkim, bounceDomain: domain, ...settings }) => ({
    ...settings,
    from_name: fromName,
    from_address: fromAddress,
    has_password: password !== null,
    dkim: showDkim(dkim ?? null),
    bounce_domain: domain ?? null,
  }),
};
