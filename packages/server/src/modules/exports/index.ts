export { downloadRoute } from './download-route.ts';
export { Exports } from './exports.ts';
export type { ExportsOptions } from './exports.ts';
export { exportMakers } from './make-export.ts';
export { exportRoutes } from './routes.ts';
