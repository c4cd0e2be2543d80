import { describe, expect, it } from 'vitest';
import {
  createContext,
  createLimits,
  createLiquid,
  LiquidFault,
  limitReached,
  parseLiquid,
} from './index.ts';

const liquid = createLiquid();
const now = Date.UTC(2026, 10, 3, 9, 5, 7);

function render(template: string, scope: object = {}): string {
  const context = createContext(liquid, scope, now, createLimits());
  return liquid.renderSync(parseLiquid(liquid, template), context) as string;
}

function faultOf(template: string): LiquidFault {
  try {
    parseLiquid(liquid, template);
  } catch (error) {
    if (error instanceof LiquidFault) return error;
  }
  throw new Error('no fault');
}

function nested(depth: number): string {
  return '{% if a %}'.repeat(depth) + '{% endif %}'.repeat(depth);
}

function limitOf(template: string) {
  try {
    return render(template);
  } catch (error) {
    return limitReached(error);
  }
}

describe('Liquid', () => {
  it('renders what is missing as nothing', () => {
    expect(render('a{{ x }}{{ y.z }}{% if w %}b{% endif %}c')).toBe('ac');
    expect(render('{{ name | default: "you" }}')).toBe('you');
  });

  it('gives pairs when tags are gone through', () => {
    expect(
      render('{% for t in tags %}{{ t[0] }}={{ t[1] }};{% endfor %}', { tags: { a: '1', b: '2' } }),
    ).toBe('a=1;b=2;');
  });

  it('shows nothing of the machine that it runs on', () => {
    const scope = { user: { name: 'Ada' }, list: [1] };
    expect(render('{{ user.constructor }}{{ user.__proto__ }}{{ user.toString }}{{ list.map }}', scope)).toBe(
      '',
    );
  });

  it('has no tags that read files', () => {
    for (const tag of ['include "package.json"', 'render "package.json"', 'layout "package.json"'])
      expect(faultOf(`{% ${tag} %}`).message).toMatch(/not found/);
  });

  it('pluralizes', () => {
    expect(render('{{ n | pluralize: "item", "items" }}', { n: '1' })).toBe('item');
    expect(render('{{ n | pluralize: "item", "items" }}', { n: 2 })).toBe('items');
  });

  it.each([
    ['{{ missing | default: "friend" }}', 'friend'],
    ['{{ "" | default: "friend" }}', 'friend'],
    ['{{ "ada" | capitalize }}', 'Ada'],
    ['{{ "4.6" | round }} {{ 4.5612 | round: 2 }}', '5 4.56'],
    ['{{ "a-b-b" | replace: "b", "c" }} {{ "a-b-b" | replace_first: "b", "c" }}', 'a-c-c a-c-b'],
    ['{{ "aB" | upcase }}{{ "aB" | downcase }}', 'ABab'],
    ['[{{ " a " | strip }}][{{ " a " | lstrip }}][{{ " a " | rstrip }}]', '[a][a ][ a]'],
    ['{{ "<b>Hi</b>" | strip_html }}', 'Hi'],
    ['{{ "Hello world" | truncate: 8 }} {{ "one two three" | truncatewords: 2 }}', 'Hello... one two...'],
    ['{{ "b" | prepend: "a" | append: "c" }}', 'abc'],
    ['{% assign gold = people | where: "plan", "gold" %}{{ gold.size }} {{ gold.first.name }}', '1 Ada'],
    ['{{ "4" | plus: 1 }} {{ "4" | minus: "1" }}', '5 3'],
    ['{{ "a b&c" | url_encode }}', 'a+b%26c'],
    ['{{ "https://a.example" | track_link }}', 'https://a.example'],
    ['{{ people.size }} {{ people.first.name }} {{ people.last.name }} {{ "abc" | size }}', '2 Ada Bo 3'],
    ['{% for p in people limit: 1 offset: 1 %}{{ p.name }}{% else %}none{% endfor %}', 'Bo'],
    ['{% for p in nobody %}{{ p }}{% else %}none{% endfor %}', 'none'],
    ['{% unless a %}b{% endunless %}{% if a %}{% elsif true %}c{% else %}d{% endif %}', 'bc'],
    ['{% raw %}{{ name }}{% endraw %}', '{{ name }}'],
    // From right to left, without regard to which of the two it is.
    ['{% if true or false and false %}yes{% else %}no{% endif %}', 'yes'],
    ['{% if false and false or true %}yes{% else %}no{% endif %}', 'no'],
  ])('has what the API documents: %s', (template, expected) => {
    const people = [
      { name: 'Ada', plan: 'gold' },
      { name: 'Bo', plan: 'free' },
    ];
    expect(render(template, { people })).toBe(expected);
  });

  it('says what is wrong and where', () => {
    expect(faultOf('Hi\n  {{ name | shout }}')).toMatchObject({
      line: 2,
      column: 3,
      message: 'undefined filter: shout',
    });
    expect(faultOf('\n{% if a %}')).toMatchObject({
      line: 2,
      column: 1,
      message: 'tag {% if a %} not closed',
    });
    expect(faultOf('{{ a')).toMatchObject({ line: 1, message: 'output "{{ a" not closed' });
  });

  it('refuses templates that are too large or nest too deep, before it parses them', () => {
    expect(faultOf('x'.repeat(256 * 1024 + 1)).message).toBe('is larger than 256 KB');
    expect(faultOf('é'.repeat(200 * 1024)).message).toBe('is larger than 256 KB');
    expect(faultOf(`\n${nested(51)}`)).toMatchObject({ line: 2, message: 'blocks nest deeper than 50' });
    expect(render(nested(50), { a: true })).toBe('');
    expect(render(`{% raw %}${'{% if %}'.repeat(60)}{% endraw %}`)).toBe('{% if %}'.repeat(60));
    expect(render('{% if a %}{% endif %}'.repeat(60))).toBe('');
  });
});

describe('the limits', () => {
  it('end loops in loops', () => {
    expect(limitOf('{% for a in (1..9999) %}{% for b in (1..9999) %}{{ b }}{% endfor %}{% endfor %}')).toBe(
      'time',
    );
  });

  it.each([
    ['{% for a in (1..1000000000) %}{% endfor %}'],
    ['{% assign s = "xxxxxxxx" %}{% for a in (1..64) %}{% assign s = s | append: s %}{% endfor %}'],
    ['{% assign s = "xx" %}{% for a in (1..64) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}'],
    ['{% assign s = (1..9000000) | sort | sort %}'],
  ])('end what fills the memory: %s', (template) => {
    expect(limitOf(template)).toBe('memory');
  });
});

describe('the date filter', () => {
  it.each([
    ['{{ "now" | date: "%Y-%m-%d %H:%M:%S" }}', '2026-11-03 09:05:07'],
    ['{{ "today" | date: "%b %-d, %A" }}', 'Nov 3, Tuesday'],
    ['{{ 0 | date: "%FT%T%z" }}', '1970-01-01T00:00:00+0000'],
    ['{{ "1793696707" | date: "%s %j %u" }}', '1793696707 307 2'],
    ['{{ "2026-02-09 18:30" | date: "%l:%M %p|%I|%e|%^b|%y" }}', ' 6:30 PM|06| 9|FEB|26'],
    ['{{ "2026-02-09T18:30:00+02:00" | date: "%R" }}', '16:30'],
    ['{{ "March 5, 2026" | date: "%D" }}', '03/05/26'],
    ['{{ "2026-07-01" | date: "%H:%M %z %:z", "America/St_Johns" }}', '21:30 -0230 -02:30'],
    ['{{ "2026-01-01" | date: "%H:%M", "+05:30" }}', '05:30'],
    ['{{ "2026-01-01" | date: "%H:%M", "Nowhere/Else" }}', '00:00'],
    ['{{ "soon" | date: "%Y" }}', 'soon'],
    ['{{ nothing | date: "%Y" }}', ''],
    ['{{ "2026-01-01" | date: "100%% %Q %5d" }}', '100% %Q 00001'],
  ])('renders %s', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it('does not let a width fill the memory', () => {
    expect(render('{{ 0 | date: "%50000000d" }}')).toHaveLength(32);
  });
});
