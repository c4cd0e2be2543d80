/**
 * A web address with the parameters of `tags` (`utm_source=shop&utm_medium=email`) that it does not have
 * yet, before its fragment. Nothing else of it changes: some servers read a query in ways of their own.
 */
export function tagLink(url: string, tags: string): string {
  const hash = url.indexOf('#');
  const address = hash === -1 ? url : url.slice(0, hash);
  const query = address.indexOf('?');
  const there = new Set(
    query === -1
      ? []
      : address
          .slice(query + 1)
          .split(/[&;]/)
          .map(nameOf),
  );
  const missing = tags.split('&').filter((tag) => !there.has(nameOf(tag)));
  if (missing.length === 0) return url;
  const joint = query === -1 ? '?' : /[?&]$/.test(address) ? '' : '&';
  return address + joint + missing.join('&') + url.slice(address.length);
}

function nameOf(parameter: string): string {
  return (parameter.split('=', 1)[0] ?? '').toLowerCase();
}
