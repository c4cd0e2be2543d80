import Module, { register } from 'node:module';

const NAME = '@carillon/connector';

/**
 * A configuration may lie in a folder where nothing is installed: the name of this package then means
 * the program that reads it. Where the package is installed beside it, that one is taken.
 */
export function resolveOurselves(): void {
  const ourselves = new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js', import.meta.url);
  register(`data:text/javascript,${encodeURIComponent(hook(ourselves.href))}`);
  const modules = Module as unknown as { _resolveFilename: (name: string, ...rest: unknown[]) => string };
  const before = modules._resolveFilename;
  modules._resolveFilename = function resolve(name, ...rest) {
    try {
      return before.call(this, name, ...rest);
    } catch (error) {
      if (name !== NAME) throw error;
      return ourselves.pathname;
    }
  };
}

function hook(ourselves: string): string {
  return `export async function resolve(name, context, next) {
    try {
      return await next(name, context);
    } catch (error) {
      if (name !== ${JSON.stringify(NAME)}) throw error;
      return next(${JSON.stringify(ourselves)}, context);
    }
  }`;
}
