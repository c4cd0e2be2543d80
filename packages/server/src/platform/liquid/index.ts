export { createLiquid } from './engine.ts';
export { LiquidFault, parseLiquid } from './parse-liquid.ts';
export { faultOf } from './fault-of.ts';
export { refuseTags } from './refuse-tags.ts';
export { createContext, createLimits, limitReached } from './render-limits.ts';
export type { LimitKind, RenderLimits } from './render-limits.ts';
export { zoneOffset } from './zone-offset.ts';
