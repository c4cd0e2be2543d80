import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContext, createLimits, createLiquid } from '../../../platform/liquid/index.ts';
import { plainOutput, readPlain } from './plain-output.ts';

const liquid = createLiquid();

const scope = {
  name: 'Ada',
  empty_text: '',
  absent: undefined,
  nothing: null,
  number: 7,
  no: false,
  list: ['a'],
  user: { name: 'Bo', tags: { city: 'Oslo', first: 'tag' } },
};

/** As the interpreter has it. */
function interpreted(template: string): string {
  return liquid.renderSync(liquid.parse(template), createContext(liquid, scope, 0, createLimits())) as string;
}

describe('a plain output', () => {
  const step = fc.constantFrom(
    'name',
    'user',
    'tags',
    'city',
    'number',
    'list',
    'no',
    'first',
    'size',
    'nothing',
    'absent',
  );
  const path = fc.oneof(
    fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join('.')),
    fc.constantFrom(
      'empty_text',
      'true',
      'nil',
      'empty',
      'blank',
      'constructor',
      'toString',
      'user.hasOwnProperty',
      '__proto__',
    ),
  );
  const filter = fc.constantFrom('', ' | default: "you"', " |default:'you' ", ' | default: ""', ' | upcase');

  it('shows what the interpreter would show', () => {
    fc.assert(
      fc.property(path, filter, (path, filter) => {
        const plain = plainOutput(` ${path}${filter}`);
        const shown = interpreted(`{{ ${path}${filter} }}`);
        expect((plain && readPlain(plain, scope)) ?? shown).toBe(shown);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['name'],
    ['user.tags.city'],
    ['missing'],
    ['user.missing | default: "x"'],
    ['empty_text | default: "x"'],
  ])('is %s', (source) => {
    expect(readPlain(plainOutput(source) ?? { path: ['number'], otherwise: '' }, scope)).toBeDefined();
  });

  it.each([
    ['list[0]'],
    ['[name]'],
    ['name | upcase'],
    ['name | default: other'],
    ['"text"'],
    ['7'],
    ['a | default: "\\""'],
  ])('is not %s', (source) => {
    expect(plainOutput(source)).toBeNull();
  });
});
