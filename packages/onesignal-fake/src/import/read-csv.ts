/** Rows of a CSV text (RFC 4180): quoted fields may hold commas, quotes and line breaks. */
export function* readCsv(text: string): Generator<string[]> {
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { field, next } = text[at] === '"' ? quoted(text, at) : bare(text, at);
    row.push(field);
    const end = text[next];
    at = next + (end === '\r' && text[next + 1] === '\n' ? 2 : 1);
    if (end === ',' && at < text.length) continue;
    if (end === ',') row.push('');
    if (row.length > 1 || row[0] !== '') yield row;
    row = [];
  }
}

/** `next` is the place of the comma or line break behind the field. */
function bare(text: string, at: number): { field: string; next: number } {
  let next = at;
  while (next < text.length && text[next] !== ',' && text[next] !== '\n' && text[next] !== '\r') next += 1;
  return { field: text.slice(at, next), next };
}

function quoted(text: string, at: number): { field: string; next: number } {
  let end = text.indexOf('"', at + 1);
  while (end !== -1 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  const close = end === -1 ? text.length : end;
  return { field: text.slice(at + 1, close).replaceAll('""', '"'), next: close + 1 };
}
