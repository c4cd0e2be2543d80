const BODY = /<body(?=[\s>])[^>]*>/i;

/** Mail programs fill the preview with what follows the preheader, unless blanks that cannot be collapsed push it away. */
const PADDING = '&#847;&zwnj;&nbsp;'.repeat(60);

/** Puts the preview line at the top of the mail, where programs look for it but nobody sees it. */
export function hidePreheader(html: string, preheader: string | null): string {
  if (preheader === null || preheader === '') return html;
  const hidden = `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(preheader)}${PADDING}</div>`;
  const body = BODY.exec(html);
  const at = body === null ? 0 : body.index + body[0].length;
  return html.slice(0, at) + hidden + html.slice(at);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
