import { describe, expect, it } from 'vitest';
import { cases } from '../cases/cases.ts';
import { clients } from '../clients/client-methods.ts';
import { operations, routeOf } from './operations.ts';
import { publicOperations } from './public-operations.ts';

describe('operations', () => {
  it('are the 62 method and path pairs of the public API, and more', () => {
    expect(publicOperations).toHaveLength(62);
    expect(operations.length).toBeGreaterThan(62);
  });

  it('have a name and a route of their own', () => {
    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
    // Names of parameters do not tell routes apart.
    const routes = operations.map((operation) => routeOf(operation).replaceAll(/\{\w+\}/g, '{}'));
    expect(new Set(routes).size).toBe(operations.length);
  });
});

describe('cases', () => {
  it('have titles of their own within an operation', () => {
    const titles = cases.flatMap(({ operations, title }) => operations.map((name) => `${name} ${title}`));
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  it('through a client name a method that the client has', () => {
    const known = new Set(
      clients.flatMap(({ name, methods }) => Object.keys(methods).map((one) => `${name} ${one}`)),
    );
    const used = cases.flatMap((one) => (one.kind === 'client' ? [`${one.client} ${one.method}`] : []));
    expect(used.filter((one) => !known.has(one))).toEqual([]);
  });
});
