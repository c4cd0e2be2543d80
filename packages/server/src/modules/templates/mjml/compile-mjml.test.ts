import { describe, expect, it } from 'vitest';
import { compileMjml } from './compile-mjml.ts';
import { TEXT_COMPONENTS } from './find-fault.ts';

const body = (inside: string, head = '') => `<mjml>${head}<mj-body>${inside}</mj-body></mjml>`;
const column = (inside: string, head = '') =>
  body(`<mj-section><mj-column>${inside}</mj-column></mj-section>`, head);

const raw = (text: string) => `<mj-raw>${text}</mj-raw>`;

async function htmlOf(source: string): Promise<string> {
  const result = await compileMjml(source);
  if (!('html' in result)) throw new Error(JSON.stringify(result));
  return result.html;
}

/** What is left of a text when only Liquid, links and the words of these tests are looked at. */
function traces(html: string): string {
  const shown = html.slice(html.indexOf('<body'));
  return (shown.match(/\{\{.*?\}\}|\{%.*?%\}|\[unsubscribe_url\]|\b(?:item|cell)\b/gs) ?? []).join(' ');
}

describe('MJML', () => {
  it('becomes HTML', async () => {
    const html = await htmlOf(column('<mj-text color="#ff0000">Hello</mj-text>'));
    expect(html).toMatch(/^<!doctype html>[\s\S]*<\/html>$/);
    expect(html).toMatch(/color:#ff0000;"\s*>Hello<\/div>/);
    expect(html).not.toContain('<mj');
  });

  it('keeps Liquid in texts and attributes, whatever characters it has', async () => {
    const html = await htmlOf(
      column(
        `<mj-text><p {% if vip %}class="vip"{% endif %}>{{ a | default: "<b>'x'</b>" }}{% if a > 1 and b < 2 %}&amp;{% endif %}</p></mj-text>
        <mj-button href="https://shop.example/{{ path | append: "?a=1&b=2" }}">Go {{ b }}</mj-button>
        <mj-image src="{% if dark %}d.png{% else %}l.png{% endif %}" alt="{{ alt }}" />`,
      ),
    );
    expect(html).toContain(
      `<p {% if vip %}class="vip"{% endif %}>{{ a | default: "<b>'x'</b>" }}{% if a > 1 and b < 2 %}&amp;{% endif %}</p>`,
    );
    expect(html).toContain('href="https://shop.example/{{ path | append: "?a=1&b=2" }}"');
    expect(html).toContain('src="{% if dark %}d.png{% else %}l.png{% endif %}"');
    expect(html).toContain('alt="{{ alt }}"');
  });

  it('keeps the order of Liquid between components, written in mj-raw', async () => {
    const html = await htmlOf(
      body(
        raw('{% for order in orders %}') +
          `<mj-section>${raw('{% if a %}')}<mj-column>${raw('{% for i in order %}')}<mj-text>item {{ i }}</mj-text>${raw('{% endfor %}')}</mj-column>${raw('{% endif %}')}</mj-section>` +
          raw('{% endfor %}'),
      ),
    );
    expect(traces(html)).toBe(
      '{% for order in orders %} {% if a %} {% for i in order %} item {{ i }} {% endfor %} {% endif %} {% endfor %}',
    );
  });

  it('keeps Liquid in tables, styles and the head', async () => {
    const head = `<mj-head><mj-title>{{ title }}</mj-title><mj-preview>{{ teaser }}</mj-preview>
      <mj-style>.a { color: {{ color }}; }</mj-style><mj-style inline="inline">.b > div { background: {{ ink }} }</mj-style></mj-head>`;
    const html = await htmlOf(
      column(
        '<mj-table>{% for i in list %}<tr><td {% if i.on %}bold{% endif %}>cell {{ i }}</td></tr>{% endfor %}</mj-table><mj-text css-class="b">x</mj-text>',
        head,
      ),
    );
    expect(html).toContain('<title>{{ title }}</title>');
    expect(html).toContain('.a { color: {{ color }}; }');
    expect(html).toMatch(/<div style="background: \{\{ ink \}\};[^"]*">x</);
    expect(html).toContain(
      '{% for i in list %}<tr><td {% if i.on %}bold{% endif %}>cell {{ i }}</td></tr>{% endfor %}',
    );
  });

  it('keeps what is not Liquid because of raw, and the link to unsubscribe', async () => {
    const html = await htmlOf(
      column(
        '<mj-text>{% raw %}{{ x }}{% endraw %} <a href="[unsubscribe_url]">no</a></mj-text><mj-button href="[unsubscribe_url]">no</mj-button>',
      ),
    );
    expect(traces(html)).toBe('{% raw %} {{ x }} {% endraw %} [unsubscribe_url] [unsubscribe_url]');
  });

  it.each([...TEXT_COMPONENTS].filter((name) => name !== 'mj-html-attribute'))(
    'shows the text of %s',
    async (name) => {
      const it = `<${name}>{{ kept }}</${name}>`;
      const parents: Record<string, string> = {
        'mj-accordion-text': column(
          `<mj-accordion><mj-accordion-element>${it}</mj-accordion-element></mj-accordion>`,
        ),
        'mj-accordion-title': column(
          `<mj-accordion><mj-accordion-element>${it}</mj-accordion-element></mj-accordion>`,
        ),
        'mj-navbar-link': column(`<mj-navbar>${it}</mj-navbar>`),
        'mj-social-element': column(`<mj-social>${it}</mj-social>`),
        'mj-preview': body('', `<mj-head>${it}</mj-head>`),
        'mj-style': body('', `<mj-head>${it}</mj-head>`),
        'mj-title': body('', `<mj-head>${it}</mj-head>`),
      };
      expect(await htmlOf(parents[name] ?? column(it))).toContain('{{ kept }}');
    },
  );

  it.each<[string, string, number | null, string]>([
    ['an unknown component', column('\n\n<mj-txt>a</mj-txt>'), 3, "mj-txt: Element mj-txt doesn't exist"],
    ['an unknown attribute', column('\n<mj-text foo="a">a</mj-text>'), 2, 'Attribute foo is illegal'],
    [
      'Liquid where a color must be',
      column('<mj-text>{% assign\n\n a = 1 %}</mj-text>\n<mj-text color="{{ ink }}">a</mj-text>'),
      4,
      'Attribute color has invalid value: {{ ink }} for type Color',
    ],
    [
      'a component in a wrong place',
      body('<mj-text>a</mj-text>'),
      1,
      'mj-text: mj-text cannot be used inside mj-body',
    ],
    ['no body', '<mjml></mjml>', 1, 'Malformed MJML'],
    ['files', body('\n<mj-include path="/etc/passwd" type="html" />'), 2, 'the server reads no files'],
    ['files in raw text', body('<mj-raw><mj-include path="a" /></mj-raw>'), 1, 'the server reads no files'],
    ['an open tag', column('\n<mj-text>a'), 2, '<mj-text> is not closed'],
    ['an open image', column('\n<mj-image src="a">'), 2, '<mj-image> is not closed'],
    ['a tag that closes nothing', `${body('')}\n</mj-text>`, 2, '</mj-text> closes nothing'],
    ['text in a column', column('\nHello <mj-text>a</mj-text>'), 2, '"Hello" would be lost: mj-column'],
    ['HTML in a section', body('<mj-section>\n<p>a</p></mj-section>'), 2, "p: Element p doesn't exist"],
    ['CDATA in a column', column('<![CDATA[a]]>'), 1, 'would be lost: mj-column shows no text'],
    [
      'Liquid in a column',
      column('<mj-text>a</mj-text>\n{% if a %}<mj-text>a</mj-text>{% endif %}'),
      2,
      '"{% if a %}" would be lost: mj-column shows no text. Put it into mj-raw',
    ],
    ['Liquid before mjml', `{% assign a = 1 %}${body('')}`, 1, '"{% assign a = 1 %}" would be lost'],
    ['text after mjml', `${body('')} and more`, 1, '"and more" would be lost: a place outside of mjml'],
    ['Liquid in a comment before mjml', `<!-- {{ a }} -->${body('')}`, 1, '{{ a }} would be lost: the HTML'],
    [
      'Liquid in a raw text of mjml itself',
      `<mjml>\n<mj-raw>{{ a }}</mj-raw><mj-body></mj-body></mjml>`,
      2,
      '{{ a }} would be lost',
    ],
    [
      'Liquid in a rule that fits nothing',
      column('', '<mj-head><mj-style inline="inline">.b { color: {{ ink }} }</mj-style></mj-head>'),
      1,
      '{{ ink }} would be lost',
    ],
  ])('with %s is refused', async (_, source, line, problem) => {
    expect(await compileMjml(source)).toEqual({ line, problem: expect.stringContaining(problem) });
  });
});
