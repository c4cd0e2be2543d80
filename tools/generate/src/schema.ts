import { writeFile } from 'node:fs/promises';
import { readSchema } from '@carillon/server';
import { createScratchDatabase } from '@carillon/test-kit';

/** `npm run schema`: runs the migrations on an empty database and writes down what they made. */
const manifest = new URL('../../../packages/server/schema.json', import.meta.url);
const scratch = await createScratchDatabase();
try {
  const schema = await readSchema(scratch.database);
  await writeFile(manifest, `${JSON.stringify(schema, null, 2)}\n`);
} finally {
  await scratch.drop();
}
