import { describe, expect, it } from 'vitest';
import { textFromHtml } from './text-from-html.ts';

describe('the text part of a mail', () => {
  it('keeps the words, one block a line, and says where links lead', () => {
    const html = `<!doctype html><html><head><style>p { color: red }</style><title>x</title></head><body>
      <h1>Your order</h1><p>Dear   Anna,<br>it has <b>left</b> us.
      <a href="https://shop.example/o?id=7&amp;x=1">Follow it</a></p>
      <ul><li>Tea &amp; cup</li><li>Pot</li></ul><!-- <p>not this</p> --><table><tr><td>Total</td><td>12&nbsp;€</td></tr></table></body></html>`;
    expect(textFromHtml(html)).toBe(
      'Your order\n\nDear Anna,\nit has left us. Follow it (https://shop.example/o?id=7&x=1)\n\n- Tea & cup\n\n- Pot\n\nTotal 12 €',
    );
  });

  it('lets Liquid pass', () => {
    expect(textFromHtml('<p>Hi {{ name | default: "you" }}</p>{% if x %}<p>b</p>{% endif %}')).toBe(
      'Hi {{ name | default: "you" }}\n\n{% if x %}\n\nb\n\n{% endif %}',
    );
  });

  it('does not repeat a link that is its own text', () => {
    const html =
      '<a href="https://a.example/">https://a.example/</a> <a href="mailto:x@a.example">x@a.example</a> <a href="#top">up</a>';
    expect(textFromHtml(html)).toBe('https://a.example/ x@a.example up');
  });
});
