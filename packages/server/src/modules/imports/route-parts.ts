import { Type } from 'typebox';

/** What the routes of one import share. */
export const config = { access: 'app' } as const;
export const tags = ['Imports'];
export const oneImport = Type.Object({ app_id: Type.String({ format: 'uuid' }), import_id: Type.String() });

/** A request that says nothing asks for what is usual. */
export async function noBodyIsEmpty(request: { body: unknown }): Promise<void> {
  request.body ??= {};
}
