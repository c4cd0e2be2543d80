export { Outbound } from './outbound.ts';
export type { OutboundAnswer, OutboundRequest } from './outbound.ts';
export { OutboundFault } from './outbound-fault.ts';
