export { checkContent } from './check-content.ts';
export { ContentCache } from './content-cache.ts';
export { contentId } from './content.ts';
export type { Content, EmailContent } from './content.ts';
export { overlayContent } from './overlay-content.ts';
export { templateRoutes } from './routes.ts';
export type { Template } from './template.ts';
export { Templates } from './templates.ts';
export type { TemplatesOptions } from './templates.ts';
