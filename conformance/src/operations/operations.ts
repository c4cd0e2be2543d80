import type { Operation } from './operation.ts';
import { otherOperations } from './other-operations.ts';
import { publicOperations } from './public-operations.ts';

export type OperationName = (typeof publicOperations | typeof otherOperations)[number]['name'];

/** Every operation, in the order in which the table shows them. */
export const operations: readonly (Operation & { readonly name: OperationName })[] = [
  ...publicOperations,
  ...otherOperations,
];

/** `GET /apps/{app_id}` */
export function routeOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}
