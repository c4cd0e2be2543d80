import { textFromHtml } from '@carillon/server';

/** What a mail says, with Liquid in it; `text` is what mail programs without HTML show. */
export interface SampleContent {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

const row = (index: number) =>
  `<tr><td style="padding:16px 24px;font-family:Georgia,serif;font-size:16px;line-height:24px;color:#2b2a27"><h2 style="margin:0 0 8px">Sencha No. ${index}</h2><p style="margin:0">A green tea from the hills above the bay, steamed &amp; rolled by hand, with notes of young grass and sea.${' It is picked in the first days of May, when the leaves are small, and rests for a week before it is sorted and packed.'.repeat(10)}</p><a style="color:#24584a" href="https://shop.example/teas/${index}?utm_source=mail&amp;utm_campaign=spring">Look at it</a></td></tr>`;

/** A newsletter of some 35 KB with a link in each of its some twenty rows. */
export function newsletter(): SampleContent {
  let rows = '';
  for (let index = 1; rows.length < 35_000; index += 1) rows += row(index);
  return contentOf(
    `<!doctype html><html><body><p>Dear {{ first_name }},</p><table width="600">${rows}</table></body></html>`,
  );
}

/** A short notice of some 1 KB with one link. */
export function notice(): SampleContent {
  const words = 'Your parcel is packed and waits for the courier. '.repeat(15);
  return contentOf(
    `<!doctype html><html><body><p>Dear {{ first_name }},</p><p>${words}</p><p><a href="https://shop.example/orders/1?utm_source=mail">Follow it</a></p></body></html>`,
  );
}

/** The content as this person gets it. */
export function filledIn({ subject, html, text }: SampleContent, name: string): SampleContent {
  const fill = (template: string) => template.replaceAll('{{ first_name }}', name);
  return { subject: fill(subject), html: fill(html), text: fill(text) };
}

function contentOf(html: string): SampleContent {
  return { subject: 'For {{ first_name }}', html, text: textFromHtml(html) };
}
