import './use-own-typescript.ts';
import { readFileSync } from 'node:fs';
import type { Node } from 'typescript';
import { SERVER } from './module-order.ts';
import { isTest } from './source-files.ts';

const STATEMENT =
  /^\s*(--.*\n\s*)*(select\b[\s\S]+\bfrom\b|insert\s+into\b|update\s+[\w.]+\s+(as\s+\w+\s+)?set\b|delete\s+from\b|with\s+(recursive\s+)?\w+\s+as\s+((not\s+)?materialized\s+)?\(|create\s+(table|index)\b|alter\s+table\b|drop\s+table\b|listen\s|notify\s)/i;

/** SQL belongs to the stores, `platform/` and the migrations: text that reads as a statement elsewhere. */
export async function sqlOutsideStores(root: string, files: readonly string[]): Promise<string[]> {
  const { default: ts } = await import('typescript');
  return files.filter(mayNotHoldSql).flatMap((file) => {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const found: string[] = [];
    const visit = (node: Node): void => {
      const literal =
        ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node);
      if (literal && STATEMENT.test(node.text)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push(`sql-in-stores: ${file}:${line + 1}\n    Statements live in *-store.ts, named.`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

function mayNotHoldSql(file: string): boolean {
  return (
    file.startsWith(`${SERVER}/`) &&
    !file.startsWith(`${SERVER}/platform/`) &&
    !file.endsWith('-store.ts') &&
    !isTest(file)
  );
}
