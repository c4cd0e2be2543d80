/** Does a name fit a pattern in which `*` stands for any characters and `?` for one? */
export function namePattern(pattern: string): RegExp {
  const text = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`);
}

export function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}
