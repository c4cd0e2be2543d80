export { signAwsRequest } from './aws/sign-request.ts';
export { headerFault } from './header-fault.ts';
export { Http2Client, Http2Fault } from './http2/index.ts';
export type { Http2Answer, TlsIdentity } from './http2/index.ts';
export { Outbound } from './outbound.ts';
export type { OutboundAnswer, OutboundRequest } from './outbound.ts';
export { OutboundFault } from './outbound-fault.ts';
export { isPublicAddress, reachableAddresses } from './reachable-addresses.ts';
