export { ExportFiles } from './export-files.ts';
export type { AskedFile, FileForm } from './export-files.ts';
export type { ExportRequest, FileState, ReadyFile, ShownFile } from './export-file.ts';
export { exportJobs } from './make-export-files.ts';
export type { ExportMaker } from './make-export-files.ts';
export { eraseFiles } from './export-file-store.ts';
export {
  cancelFile,
  countUnmadeFiles,
  findShownFile,
  findShownFiles,
  removeFile,
} from './shown-file-store.ts';
