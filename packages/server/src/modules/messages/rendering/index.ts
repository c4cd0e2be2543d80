export { eventObjects, journeyObject } from './journey-object.ts';
export { createRenderer } from './renderer.ts';
export type { Renderer, RendererOptions } from './renderer.ts';
export type {
  FeedDataBySubscription,
  Renderable,
  RenderedTexts,
  RenderFailure,
  RenderJob,
  RenderResult,
  SharedObjects,
  SubscriptionsByUser,
  TextsOf,
} from './render-job.ts';
export { scopeOf, valuesOf, wantedValues } from './wanted-values.ts';
export type { Path, RecipientFacts } from './wanted-values.ts';
