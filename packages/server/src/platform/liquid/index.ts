export { createLiquid } from './engine.ts';
export { LARGEST_BYTES, LiquidFault, parseLiquid } from './parse-liquid.ts';
export { faultOf } from './fault-of.ts';
export { refuseTags } from './refuse-tags.ts';
export { createContext, createLimits, limitReached } from './render-limits.ts';
export type { LimitKind, RenderLimits } from './render-limits.ts';
export { tagsOf } from './tags-of.ts';
export type { TagPlace } from './tags-of.ts';
export { zoneOffset } from './zone-offset.ts';
