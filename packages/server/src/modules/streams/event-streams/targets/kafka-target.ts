import type { KafkaStreamBody } from '@carillon/wire';
import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import { commonBody } from './common-body.ts';
import { serverPattern } from './nats-target.ts';

export interface KafkaStreamSettings {
  readonly kind: 'kafka';
  /** `host:port` of brokers to begin with. */
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly tls: boolean;
  readonly sasl: KafkaLogin | null;
}

export interface KafkaLogin {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

const DEFAULT_TOPIC = 'carillon-events';

export const kafkaBody = Type.Object(
  {
    kind: Type.Literal('kafka', {
      description: 'Records of a Kafka topic. The key is the user: one partition each.',
    }),
    brokers: Type.Array(Type.String({ pattern: serverPattern, maxLength: 256 }), {
      minItems: 1,
      maxItems: 16,
      description: 'host:port',
    }),
    topic: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,249}$' })),
    tls: Type.Optional(Type.Boolean({ description: 'Only over TLS; true when absent.' })),
    sasl: Type.Optional(
      Type.Object(
        {
          mechanism: Type.Enum(['plain', 'scram-sha-256', 'scram-sha-512']),
          username: Type.String({ minLength: 1, maxLength: 256 }),
          password: Type.Optional(
            Type.String({ minLength: 1, maxLength: 512, description: 'Kept encrypted. Absent: stays.' }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    ...commonBody,
  },
  { additionalProperties: false },
);

/** `before`: secrets stay until others are given. */
export function readKafka(body: KafkaStreamBody, before: KafkaStreamSettings | null): KafkaStreamSettings {
  const { brokers, topic = DEFAULT_TOPIC, tls = true, sasl } = body;
  return { kind: 'kafka', brokers, topic, tls, sasl: sasl === undefined ? null : readLogin(sasl, before) };
}

function readLogin(
  { mechanism, username, password: given }: NonNullable<KafkaStreamBody['sasl']>,
  before: KafkaStreamSettings | null,
): KafkaLogin {
  const password = given ?? before?.sasl?.password;
  if (password === undefined) throw invalidField('sasl.password', 'must be given at first');
  return { mechanism, username, password };
}

export function showKafka({ brokers, topic, tls, sasl }: KafkaStreamSettings) {
  const login = sasl === null ? null : { mechanism: sasl.mechanism, username: sasl.username };
  return { brokers, topic, tls, sasl: login };
}
