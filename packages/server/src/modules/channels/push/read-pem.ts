/** PEM as it is, or as its base64: what other platforms ask for. Nothing is checked. */
export function readPem(text: string): string {
  const isPem = text.includes('-----BEGIN ');
  return (isPem ? text : Buffer.from(text, 'base64').toString('utf8')).trim();
}
