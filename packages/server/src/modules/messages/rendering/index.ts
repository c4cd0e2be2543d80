export { createRenderer } from './renderer.ts';
export type { Renderer, RendererOptions } from './renderer.ts';
export type { RenderedTexts, RenderFailure, RenderJob, RenderResult, SharedObjects } from './render-job.ts';
