import type { NatsStreamBody } from '@carillon/wire';
import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import { commonBody } from './common-body.ts';

export interface NatsStreamSettings {
  readonly kind: 'nats';
  /** `host:port` of a server, or of each of a cluster. */
  readonly servers: readonly string[];
  readonly tls: boolean;
  /** Stands before the kind of an event. */
  readonly subject: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly token: string | null;
}

const DEFAULT_SUBJECT = 'carillon';
export const serverPattern = '^([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\]):[0-9]{1,5}$';

export const natsBody = Type.Object(
  {
    kind: Type.Literal('nats', {
      description: 'Messages of NATS JetStream, on subjects that end with the kind.',
    }),
    servers: Type.Array(Type.String({ pattern: serverPattern, maxLength: 256 }), {
      minItems: 1,
      maxItems: 16,
      description: 'host:port',
    }),
    tls: Type.Optional(Type.Boolean({ description: 'Only over TLS; true when absent.' })),
    subject: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$',
        maxLength: 128,
        description: 'Stands before the kind: `carillon` when absent, so `carillon.message.email.opened`.',
      }),
    ),
    user: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    password: Type.Optional(
      Type.String({ minLength: 1, maxLength: 512, description: 'Kept encrypted. Absent: stays.' }),
    ),
    token: Type.Optional(
      Type.String({ minLength: 1, maxLength: 512, description: 'Kept encrypted. Absent: stays.' }),
    ),
    ...commonBody,
  },
  { additionalProperties: false },
);

/** `before`: secrets stay until others are given. */
export function readNats(body: NatsStreamBody, before: NatsStreamSettings | null): NatsStreamSettings {
  const { servers, tls = true, subject = DEFAULT_SUBJECT, user = null } = body;
  if (user !== null && body.token !== undefined) {
    throw invalidField('token', 'must not stand beside user: a server knows you by one of them');
  }
  const password = user === null ? null : (body.password ?? before?.password ?? null);
  if (user !== null && password === null) throw invalidField('password', 'must be given with user');
  const token = user === null ? (body.token ?? before?.token ?? null) : null;
  return { kind: 'nats', servers, tls, subject, user, password, token };
}

export function showNats({ servers, tls, subject, user, token }: NatsStreamSettings) {
  return { servers, tls, subject, user, has_token: token !== null };
}
