import { Liquid } from 'liquidjs';
import { date } from './date-filter.ts';

/** Tags that read other templates, and the one that hides nesting inside itself. */
const LEFT_OUT = ['include', 'render', 'layout', 'block', 'liquid'];

/**
 * An engine for templates that anybody may have written. Render with `createContext`, which has the
 * limits; they are cooperative and stop only what asks them, so rendering still belongs in a thread
 * that can be ended.
 */
export function createLiquid(): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    // Without this, partials are read from the working directory.
    templates: {},
    parseLimit: 2e6,
  });
  for (const name of LEFT_OUT) delete liquid.tags[name];
  liquid.registerFilter('date', date);
  // The links of an email are counted by rewriting them, whether or not they say so.
  liquid.registerFilter('track_link', (url: unknown) => url);
  liquid.registerFilter('pluralize', (count: unknown, one = '', many = '') =>
    Number(count) === 1 ? one : many,
  );
  return liquid;
}
