import './use-own-typescript.ts';
import type { ICruiseResult } from 'dependency-cruiser';
import { rules } from './rules.ts';

/** `from` imports `to`, both paths from the root. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** Only types: gone when the program runs. */
  readonly typeOnly: boolean;
}

export interface Imports {
  /** The files of ours that were really read. */
  readonly files: ReadonlySet<string>;
  readonly imports: readonly Import[];
  /** What breaks a rule, one sentence each. */
  readonly violations: readonly string[];
}

/** Reads what `files` of the folder `root` import, types included, and holds it against the rules. */
export async function readImports(root: string, files: readonly string[]): Promise<Imports> {
  // Not at the top: it looks for TypeScript as it loads, which has to be led to ours before.
  const { cruise } = await import('dependency-cruiser');
  const { output } = await cruise([...files], {
    baseDir: root,
    validate: true,
    ruleSet: rules,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  });
  const result = output as ICruiseResult;
  const own = new Set(files);
  return {
    files: new Set(result.modules.map((module) => module.source).filter((source) => own.has(source))),
    imports: result.modules.flatMap((module) =>
      module.dependencies.map((dependency) => ({
        from: module.source,
        to: dependency.resolved,
        typeOnly: dependency.dependencyTypes.includes('type-only'),
      })),
    ),
    violations: result.summary.violations.map(
      ({ from, to, rule, cycle }) =>
        `${rule.name}: ${[from, ...(cycle?.map((step) => step.name) ?? [to])].join(' -> ')}\n    ${reasonOf(rule.name)}`,
    ),
  };
}

function reasonOf(name: string): string {
  return rules.forbidden.find((rule) => rule.name === name)?.comment ?? '';
}
