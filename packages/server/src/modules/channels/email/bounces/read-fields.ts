/** Fields by their names in small letters; of one that stands twice the first. */
export type Fields = ReadonlyMap<string, string>;

/** The groups of fields of a report, which blank lines part; folded lines are one. */
export function readFieldGroups(text: string): Fields[] {
  return text
    .trim()
    .split(/\r?\n(?:[ \t]*\r?\n)+/)
    .map(readFields);
}

function readFields(group: string): Fields {
  const fields = new Map<string, string>();
  for (const line of group.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value] = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:[ \t]*(.*)$/.exec(line) ?? [];
    const key = name?.toLowerCase();
    if (key !== undefined && !fields.has(key)) fields.set(key, (value ?? '').trim());
  }
  return fields;
}
