/** A script that a page tells people to run, with the name given to it after `--` where there is one. */
export interface Mention {
  readonly script: string;
  readonly argument: string | null;
}

/** `npm run bench -- lanes`, `npm test` and the like, in prose and in code. */
export function findMentions(text: string): Mention[] {
  const runs = [...text.matchAll(/\bnpm run (?:-s |--silent )?([a-z][\w:-]*)(?: -- ([a-z][\w-]*))?/g)];
  const short = [...text.matchAll(/\bnpm (test|start)\b/g)];
  return [
    ...runs.map(([, script = '', argument]) => ({ script, argument: argument ?? null })),
    ...short.map(([, script = '']) => ({ script, argument: null })),
  ];
}

/** Where the links and pictures of a page lead inside the repository, without those to elsewhere. */
export function findLinks(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that a page's headings make, as GitHub names them. */
export function findAnchors(text: string): Set<string> {
  const headings = text.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
