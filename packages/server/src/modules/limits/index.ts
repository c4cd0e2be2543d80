export { limitJobs } from './jobs.ts';
export { createLimiter } from './limiter.ts';
export { rateLimitRoutes } from './routes.ts';
