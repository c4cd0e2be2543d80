export { feedRoutes } from './routes.ts';
export { readEvents } from './read-events.ts';
