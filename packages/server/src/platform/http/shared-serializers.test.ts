import { describe, expect, it } from 'vitest';
import { sharedSerializers } from './shared-serializers.ts';

const route = (status: string, schema: object) => ({
  schema,
  method: 'GET',
  url: '/users',
  httpStatus: status,
});
const text = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } } });

describe('sharedSerializers', () => {
  const compile = sharedSerializers({}, {});

  it('compiles a shape once, however many routes give it', () => {
    expect(compile(route('404', text('title')))).toBe(compile(route('409', text('title'))));
  });

  it('leaves out what the shape of the answer does not name, for each shape its own', () => {
    const person = { title: 'A title', name: 'A name' };
    expect(compile(route('200', text('title')))(person)).toBe('{"title":"A title"}');
    expect(compile(route('200', text('name')))(person)).toBe('{"name":"A name"}');
  });
});
