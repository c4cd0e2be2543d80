const STYLE =
  'font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;color:#1f2430';
const BUTTON = 'font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.4rem;background:#1f2430;color:#fff';

function page(title: string, rest: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${title}</title>
<body style="${STYLE}"><h1 style="font-size:1.25rem">${title}</h1>${rest}</body></html>`;
}

/** Programs that look at links before the person does only read it: nothing ends until the button is pressed. */
export const ASK_PAGE = page(
  'Stop these emails?',
  `<form method="post"><button style="${BUTTON}">Unsubscribe</button></form>`,
);

export const DONE_PAGE = page(
  'You are unsubscribed',
  '<p>No more emails will come to this address from this sender.</p>',
);

export const REFUSED_PAGE = page(
  'This link does not work',
  '<p>It was cut off or changed on its way. Please go back to the email and follow the link there.</p>',
);
