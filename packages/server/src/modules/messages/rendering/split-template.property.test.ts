import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContext, createLimits, createLiquid, parseLiquid } from '../../../platform/liquid/index.ts';
import { readPlain } from './plain-output.ts';
import { splitTemplate } from './split-template.ts';

const liquid = createLiquid();
const scope = { name: 'Ada', plan: 'gold', points: 12, user: { tags: { name: 'Ada', city: '' } } };

const fragments = fc.constantFrom(
  'text',
  ' <p>\n ',
  '{{ name }}',
  '{{- name -}}',
  '{{ missing | default: "nobody" }}',
  '{{ user.tags.city | default: "town" }}',
  '{{ points | plus: 1 }}',
  '{{ x }}',
  '{% assign x = name | upcase %}',
  '{% assign name = "Bo" %}',
  '{% capture plan %}{{ plan }}!{% endcapture %}',
  '{% increment points %}',
  '{% if plan == "gold" %}{{ name }}{% else %}no{% endif %}',
  '{%- for i in (1..3) -%} {{ i }} {%- if i == 2 %}{% break %}{% endif %} {% endfor -%}',
  '{% cycle "a", "b" %}',
  '{% raw %}{{ name }}{% endraw %}',
  '{% comment %}{{ name }}{% endcomment %}',
  '{% break %}',
);

describe('a template taken apart', () => {
  it('renders part by part what it renders whole', () => {
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 12 }), (chosen) => {
        const source = chosen.join('');
        const whole = liquid.renderSync(parseLiquid(liquid, source), newContext());
        expect(renderApart(source)).toBe(whole);
      }),
      { numRuns: 1000 },
    );
  });
});

function newContext() {
  return createContext(liquid, scope, 0, createLimits());
}

function renderApart(source: string): string {
  const { fixed, parts } = splitTemplate(liquid, source);
  const context = newContext();
  let text = fixed[0] ?? '';
  for (const [index, { templates, plain }] of parts.entries()) {
    const shown = plain === null ? undefined : readPlain(plain, scope);
    text += shown ?? String(liquid.renderSync([...templates], context));
    text += fixed[index + 1] ?? '';
  }
  return text;
}
