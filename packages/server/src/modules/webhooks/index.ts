/** Webhooks: requests to addresses that apps have chosen, and what is common to all who make them. */
export { WebhookRenderer } from './liquid/webhook-renderer.ts';
export type { RenderedTexts } from './liquid/render-work.ts';
export { checkRequest } from './request/check-request.ts';
export { composeRequest } from './request/compose-request.ts';
export type { SigningSecrets, WebhookMethod, WebhookRequest } from './request/compose-request.ts';
export { beginningOf, postRequest } from './request/post-request.ts';
export { RETRY_SCHEDULE } from './request/retry-schedule.ts';
