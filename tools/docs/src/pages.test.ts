import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchmarks } from '../../../bench/src/benchmarks.ts';
import { scenarios } from '../../../chaos/src/scenarios.ts';
import { findAnchors, findLinks, findMentions } from './find-mentions.ts';
import { ROOT, readPages } from './read-pages.ts';

const pages = readPages();
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const named: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  bench: benchmarks,
  chaos: scenarios,
};

describe('what pages tell', () => {
  it('names only commands that package.json has, and only benchmarks and chaos runs that are there', () => {
    const wrong = pages.flatMap(({ path, text }) =>
      findMentions(text)
        .filter(
          ({ script, argument }) =>
            scripts[script] === undefined ||
            (argument !== null && named[script] !== undefined && named[script][argument] === undefined),
        )
        .map(
          ({ script, argument }) => `${path}: npm run ${script}${argument === null ? '' : ` -- ${argument}`}`,
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('links only to files and headings that are there', () => {
    const wrong = pages.flatMap(({ path, text }) =>
      findLinks(text)
        .filter((link) => !leadsSomewhere(path, text, link))
        .map((link) => `${path}: ${link}`),
    );
    expect(wrong).toEqual([]);
  });

  it('tells every line that CI runs', () => {
    const readme = readFileSync(`${ROOT}README.md`, 'utf8');
    const lines = readFileSync(`${ROOT}.ci/run`, 'utf8').match(/^npm .+$/gm) ?? [];
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => !readme.includes(`\`${line}\``))).toEqual([]);
  });
});

describe('finding mentions', () => {
  it('reads commands with their arguments', () => {
    expect(findMentions('Run `npm run bench -- lanes`, npm test, npm run -s docs:check.')).toEqual([
      { script: 'bench', argument: 'lanes' },
      { script: 'docs:check', argument: null },
      { script: 'test', argument: null },
    ]);
  });

  it('reads links of prose, not of code', () => {
    expect(findLinks('[a](b.md#c) `[no](x.md)` [web](https://example.com)')).toEqual(['b.md#c']);
  });

  it('names headings as GitHub does', () => {
    expect(findAnchors('## What works, and what does not yet')).toContain('what-works-and-what-does-not-yet');
  });
});

function leadsSomewhere(path: string, text: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? path : normalize(join(dirname(path), file));
  if (!existsSync(`${ROOT}${target}`)) return false;
  if (anchor === undefined || !target.endsWith('.md')) return true;
  return findAnchors(file === '' ? text : readFileSync(`${ROOT}${target}`, 'utf8')).has(anchor);
}
