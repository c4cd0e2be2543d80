export { ApiError } from './api-error.ts';
export type { ApiErrorDetail } from './api-error.ts';
export type { Check } from './health.ts';
export type {
  Access,
  Authenticator,
  Credentials,
  Denial,
  Envelope,
  Http,
  Principal,
  Routes,
} from './route.ts';
export { DEFAULT_LIMITS, createHttpServer } from './server.ts';
export type { HttpLimits, HttpServer, HttpServerOptions } from './server.ts';
