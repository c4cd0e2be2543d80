import { READY } from '../../../platform/process/ready.ts';
import type { MjmlAnswer, MjmlWork } from './mjml-messages.ts';

/** The process in which MJML is compiled: whatever a document does, it ends with this process. */

// MJML loads components that a `.mjmlconfig` of the working directory names: ours has none.
process.chdir(import.meta.dirname);
const { compileMjml } = await import('./compile-mjml.ts');

process.on('message', ({ source }: MjmlWork) => {
  void compileMjml(source).then((result) => process.send?.({ result } satisfies MjmlAnswer));
});
process.on('disconnect', () => process.exit());
// These go to all processes of a terminal or a service. Ours decides when it is over.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.send?.(READY);
