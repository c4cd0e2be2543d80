import type { S3StreamBody } from '@carillon/wire';
import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import { readEndpointUrl } from '../../../channels/index.ts';
import { commonBody } from './common-body.ts';

export interface S3StreamSettings {
  readonly kind: 's3';
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly everySeconds: number;
  /** Absent in those that were set before there was a choice: `jsonl`. */
  readonly format?: 'jsonl' | 'parquet';
}

export const s3Body = Type.Object(
  {
    kind: Type.Literal('s3', { description: 'Files in a bucket: JSON lines packed with gzip, or Parquet.' }),
    endpoint: Type.String({ minLength: 1, maxLength: 512 }),
    region: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }),
    bucket: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$' }),
    prefix: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9!_.*'()/-]*$", maxLength: 512 })),
    access_key_id: Type.String({ minLength: 1, maxLength: 128 }),
    secret_access_key: Type.Optional(
      Type.String({ minLength: 1, maxLength: 256, description: 'Kept encrypted. Absent: stays.' }),
    ),
    every_seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3_600,
        description: 'A file is written after so long, however little is in it; 60 when absent.',
      }),
    ),
    format: Type.Optional(
      Type.Enum(['jsonl', 'parquet'], {
        description: '`jsonl` is lines of JSON packed with gzip; it is meant when absent.',
      }),
    ),
    ...commonBody,
  },
  { additionalProperties: false },
);

/** `before`: secrets stay until others are given. */
export function readS3(
  body: S3StreamBody,
  before: S3StreamSettings | null,
  isReachable: (address: string) => boolean,
): S3StreamSettings {
  const { endpoint, region, bucket, prefix = '', access_key_id: accessKeyId } = body;
  const { every_seconds: everySeconds = 60, secret_access_key: given, format = 'jsonl' } = body;
  readEndpointUrl(endpoint, isReachable);
  const secretAccessKey = given ?? before?.secretAccessKey;
  if (secretAccessKey === undefined) throw invalidField('secret_access_key', 'must be given at first');
  return {
    kind: 's3',
    endpoint: endpoint.replace(/\/+$/, ''),
    region,
    bucket,
    prefix: prefix.replace(/^\/+|\/+$/g, ''),
    accessKeyId,
    secretAccessKey,
    everySeconds,
    format,
  };
}

export function showS3({
  endpoint,
  region,
  bucket,
  prefix,
  accessKeyId,
  everySeconds,
  format = 'jsonl',
}: S3StreamSettings) {
  return {
    endpoint,
    region,
    bucket,
    prefix,
    access_key_id: accessKeyId,
    every_seconds: everySeconds,
    format,
  };
}
