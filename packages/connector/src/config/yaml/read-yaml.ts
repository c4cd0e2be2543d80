import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { ConfigInvalid } from '../config-invalid.ts';
import { fillVariables } from './fill-variables.ts';
import { findFaults } from './find-faults.ts';
import type { Fault } from './find-faults.ts';
import type { Schema } from './schema.ts';

/**
 * A YAML text as a value that the schema allows, with variables of the environment filled in.
 *
 * @throws ConfigInvalid with line and column of each fault
 */
export function readYaml(
  file: string,
  text: string,
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) {
    const [{ line, col } = { line: 1, col: 1 }] = error.linePos ?? [];
    throw new ConfigInvalid(`${file}:${line}:${col}`, `is no YAML: ${error.message.split('\n')[0] ?? ''}`);
  }
  const { value, missing } = fillVariables(document.toJS() as unknown, environment);
  const faults = missing.length > 0 ? missing : findFaults(schema, value);
  if (faults.length > 0) {
    const told = faults.map(
      (fault) => `${placeOf(file, document, lines, fault)} ${nameOf(fault)} ${fault.rule}`,
    );
    throw new ConfigInvalid(told.join('\n'), '');
  }
  return value;
}

function placeOf(file: string, document: Document, lines: LineCounter, { path }: Fault): string {
  // Where there is no such node the one above it is meant.
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    const start = node?.range?.[0];
    if (start === undefined) continue;
    const { line, col } = lines.linePos(start);
    return `${file}:${line}:${col}`;
  }
  return file;
}

function nameOf({ path }: Fault): string {
  return path.length === 0 ? 'the configuration' : path.join('.');
}
