export { ExportFiles } from './export-files.ts';
export { exportJobs } from './make-export-files.ts';
export type { ExportMaker } from './make-export-files.ts';
export { eraseFiles } from './export-file-store.ts';
