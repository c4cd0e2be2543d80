export { checkContent } from './check-content.ts';
export { ContentCache } from './content-cache.ts';
export { contentId } from './content.ts';
export type { Content, EmailContent } from './content.ts';
