import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import type { SerializerFactory } from '@fastify/fast-json-stringify-compiler';

/**
 * Compiles each shape of an answer once. Most routes give the same errors, so of some two hundred serializers
 * fifty differ, and each is up to 120 kB of generated code.
 */
export const sharedSerializers: SerializerFactory = (schemas, options) => {
  const compile = SerializerSelector()(schemas, options);
  const compiled = new Map<string, ReturnType<typeof compile>>();
  return (route) => {
    const shape = JSON.stringify(route.schema);
    const known = compiled.get(shape);
    if (known !== undefined) return known;
    const serializer = compile(route);
    compiled.set(shape, serializer);
    return serializer;
  };
};
