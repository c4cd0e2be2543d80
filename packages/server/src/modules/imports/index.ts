export { importErasers } from './app-erasers.ts';
export type { ImportsOptions } from './imports-options.ts';
export { importJobs, wakeImports } from './jobs.ts';
export type { ImportJobsOptions } from './jobs.ts';
export { importData, importFileData } from './personal-data.ts';
export { importRoutes } from './routes.ts';
