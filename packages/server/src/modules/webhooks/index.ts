/** Webhooks: requests to addresses that apps have chosen, and what is common to all who make them. */
export { WebhookRenderer } from './liquid/webhook-renderer.ts';
export type { RenderedTexts } from './liquid/render-work.ts';
export { checkRequest } from './request/check-request.ts';
export { composeRequest } from './request/compose-request.ts';
export type { SigningSecrets, WebhookMethod, WebhookRequest } from './request/compose-request.ts';
export { beginningOf, postRequest } from './request/post-request.ts';
export { RETRY_SCHEDULE } from './request/retry-schedule.ts';
export { appendCalls } from './calls/append-calls-store.ts';
export type { CallContext, CallEvent, CallOrigin } from './calls/append-calls-store.ts';
export { webhookErasers } from './app-erasers.ts';
export { webhookData } from './personal-data-store.ts';
export { webhookAttemptRoutes } from './attempts/routes.ts';
export { webhookRoutes } from './definition/routes.ts';
export { openSettings as openWebhookSettings } from './definition/webhook-settings.ts';
export { activeWebhooks } from './definition/active-webhooks-store.ts';
export { Webhooks } from './definition/webhooks.ts';
export { webhookJobs } from './jobs.ts';
export { WebhookCaller } from './sending/webhook-caller.ts';
