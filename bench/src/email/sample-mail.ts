import type { RenderedEmail } from '@carillon/server';

/** About the size of a real newsletter. */
const HTML_BYTES = 35_000;

const row = (index: number) =>
  `<tr><td style="padding:16px 24px;font-family:Georgia,serif;font-size:16px;line-height:24px;color:#2b2a27"><h2 style="margin:0 0 8px">Sencha No. ${index}</h2><p style="margin:0">A green tea from the hills above the bay, steamed &amp; rolled by hand, with notes of young grass and sea.${' It is picked in the first days of May, when the leaves are small, and rests for a week before it is sorted and packed.'.repeat(10)}</p><a style="color:#24584a" href="https://shop.example/teas/${index}?utm_source=mail&amp;utm_campaign=spring">Look at it</a></td></tr>`;

/** A mail of some 35 KB HTML with a link in each of its some twenty rows, and its text. */
export function sampleMail(tracked: boolean): RenderedEmail {
  let rows = '';
  for (let index = 1; rows.length < HTML_BYTES; index += 1) rows += row(index);
  return {
    subject: 'The spring teas are here',
    html: `<!doctype html><html><body><table width="600">${rows}</table></body></html>`,
    text: 'A green tea from the hills above the bay.\n'.repeat(60),
    preheader: null,
    fromName: 'Tea & Kettle',
    fromAddress: 'hello@tea.example',
    replyTo: null,
    headers: { 'List-Unsubscribe': '<https://mail.tea.example/u/1>' },
    trackClicks: tracked,
    trackOpens: tracked,
  };
}
