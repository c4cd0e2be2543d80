import { writeFile } from 'node:fs/promises';
import { configurationReference } from '@carillon/server';

/** `npm run generate`: writes the reference page of the configuration from the settings. */
const page = new URL('../../../docs/reference/configuration.md', import.meta.url);
await writeFile(page, configurationReference());
