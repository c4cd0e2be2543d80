import { writeFile } from 'node:fs/promises';
import { configSchemaFile } from '@carillon/connector';
import { configurationReference, errorReference } from '@carillon/server';
import { journeyFileSchema } from '@carillon/wire';

/** `npm run generate`: writes the reference pages that are made from the program itself. */
const folder = new URL('../../../docs/reference/', import.meta.url);
await writeFile(new URL('configuration.md', folder), configurationReference());
await writeFile(new URL('connector.schema.json', folder), configSchemaFile());
await writeFile(new URL('journey.schema.json', folder), journeyFileSchema());
await writeFile(new URL('errors.md', folder), errorReference());
