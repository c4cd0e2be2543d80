export { signAwsRequest } from './aws/sign-request.ts';
export type { AwsCredentials } from './aws/sign-request.ts';
export { isSignedBySns, isSnsAddress, readSnsMessage } from './aws/sns-message.ts';
export type { SnsMessage } from './aws/sns-message.ts';
export { Http2Client, Http2Fault } from './http2/index.ts';
export type { Http2Answer, TlsIdentity } from './http2/index.ts';
export { Outbound } from './outbound.ts';
export type { OutboundAnswer, OutboundRequest } from './outbound.ts';
export { OutboundFault } from './outbound-fault.ts';
