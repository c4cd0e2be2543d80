import { eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseImports } from './eraser-store.ts';

/** What goes of imports when an app is deleted. */
export const importErasers: readonly AppEraser[] = [
  {
    name: 'imports',
    tables: ['imports', 'import_pieces', 'import_rejects', 'import_batches'],
    erase: eraseInBatches(eraseImports),
  },
];
