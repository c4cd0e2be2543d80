import type { Fault } from './find-faults.ts';

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** `${NAME}` and `${NAME:-otherwise}` in every text become what the environment says. */
export function fillVariables(
  value: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly value: unknown; readonly missing: readonly Fault[] } {
  const missing: Fault[] = [];
  const fill = (part: unknown, path: Fault['path']): unknown => {
    if (typeof part === 'string') {
      return part.replaceAll(VARIABLE, (whole, name: string, otherwise: string | undefined) => {
        const found = environment[name] ?? otherwise;
        if (found === undefined)
          missing.push({ path, rule: `needs ${whole}, which the environment does not have` });
        return found ?? '';
      });
    }
    if (Array.isArray(part)) return part.map((item, i) => fill(item, [...path, i]));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, inner]) => [name, fill(inner, [...path, name])]),
    );
  };
  return { value: fill(value, []), missing };
}
