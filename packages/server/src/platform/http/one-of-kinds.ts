import { Type } from 'typebox';
import type { TObject, TSchema } from 'typebox';

/**
 * A value that is one of several kinds, told apart by its member `kind`, a literal in each. Unlike a plain union,
 * what is wrong is told of the kind that is meant. Source: OpenAPI 3.1, Discriminator Object.
 */
export function oneOfKinds(kinds: readonly TObject[]): TSchema {
  const names = kinds.map(({ properties }) => constantOf(properties['kind']));
  return Type.Unsafe<object>({
    type: 'object',
    required: ['kind'],
    properties: { kind: { enum: names } },
    discriminator: { propertyName: 'kind' },
    oneOf: kinds,
  });
}

function constantOf(schema: object | undefined): unknown {
  return schema !== undefined && 'const' in schema ? schema.const : undefined;
}
