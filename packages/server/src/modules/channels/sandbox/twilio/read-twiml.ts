/** The text of the first message in an answer of TwiML, or null when there is none. */
export function messageIn(twiml: string): string | null {
  const text = /<Message[^>]*>([^<]*)<\/Message>/.exec(twiml)?.[1];
  if (text === undefined) return null;
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
