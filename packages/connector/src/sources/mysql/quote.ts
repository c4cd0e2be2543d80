export function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** `public.orders` is a table of the URL's database; `other.orders` one of another. */
export function quoteTable(name: string): string {
  const [schema = '', table = ''] = name.split('.');
  return schema === 'public' ? quote(table) : `${quote(schema)}.${quote(table)}`;
}
