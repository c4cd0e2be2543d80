export { importErasers } from './app-erasers.ts';
export { Imports } from './imports.ts';
export type { ImportsOptions } from './imports.ts';
export { importJobs, wakeImports } from './jobs.ts';
export type { ImportJobsOptions } from './jobs.ts';
export { importData } from './personal-data.ts';
export { importRoutes } from './routes.ts';
