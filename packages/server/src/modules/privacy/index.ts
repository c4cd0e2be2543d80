export { privacyErasers } from './app-erasers.ts';
export { findBeingErased, notBeingErased } from './being-erased-store.ts';
export { openErasingDatabase } from './erasing-database.ts';
export { Eraser } from './eraser.ts';
export { privacyJobs } from './jobs.ts';
export { Privacy } from './privacy.ts';
export { privacyRoutes } from './routes.ts';
