import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

const NOT_OURS = /^(node_modules|dist|\..+)$/;

/** Every Markdown page of the repository. */
export function readPages(folder = ''): Page[] {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.test(entry.name) ? [] : readPages(`${path}/`);
    return path.endsWith('.md') ? [{ path, text: readFileSync(`${ROOT}${path}`, 'utf8') }] : [];
  });
}
