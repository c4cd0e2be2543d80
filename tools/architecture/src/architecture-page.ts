import { readFileSync, writeFileSync } from 'node:fs';
import { ROOT } from './source-files.ts';

const PAGE = `${ROOT}/ARCHITECTURE.md`;
const BETWEEN = /(<!-- modules: drawn by npm run arch:graph -->\n)[\s\S]*?(<!-- end of modules -->)/;

/** The page as it is, and as it would be with this graph. */
export function withGraph(graph: string): { readonly now: string; readonly drawn: string } {
  const now = readFileSync(PAGE, 'utf8');
  if (!BETWEEN.test(now)) throw new Error('ARCHITECTURE.md has lost the markers of its graph');
  return {
    now,
    drawn: now.replace(BETWEEN, (_, start, end) => `${start}\`\`\`mermaid\n${graph}\n\`\`\`\n${end}`),
  };
}

export function writePage(text: string): void {
  writeFileSync(PAGE, text);
}
