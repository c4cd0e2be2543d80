/**
 * The modules of the server in their order: each may use those before it. It is the line that a
 * person walks who follows one customer through the code.
 */
export const MODULE_ORDER = [
  'accounts',
  'limits',
  'identity',
  'lanes',
  'feed',
  'events',
  'data-feeds',
  'audience',
  'segments',
  'templates',
  'channels',
  'outcomes',
  'messages',
  'webhooks',
  'journeys',
  'streams',
  'privacy',
  'exports',
  'imports',
] as const;

export const SERVER = 'packages/server/src';
export const MODULES = `${SERVER}/modules`;
