import Module, { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * Gives dependency-cruiser the TypeScript 6 of this package; import this before it. npm hoists it
 * beside the root's TypeScript 7, which has no JavaScript API: with that one it reads no file and
 * finds nothing wrong. It asks for the version with `require` and loads the compiler with `import`,
 * so both ways are led here.
 */
const require = createRequire(import.meta.url);
const own = new Map(['typescript', 'typescript/package.json'].map((name) => [name, require.resolve(name)]));

interface Resolver {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}
const resolver = Module as unknown as Resolver;
const resolve = resolver._resolveFilename.bind(Module);
resolver._resolveFilename = (request, ...rest) => own.get(request) ?? resolve(request, ...rest);

const url = pathToFileURL(own.get('typescript') ?? '').href;
const hook = `export const resolve = (specifier, context, next) =>
  specifier === 'typescript' ? { url: ${JSON.stringify(url)}, format: 'commonjs', shortCircuit: true } : next(specifier, context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
