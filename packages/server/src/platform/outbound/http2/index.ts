export { Http2Client } from './http2-client.ts';
export type { Http2ClientOptions } from './http2-client.ts';
export { Http2Fault } from './http2-fault.ts';
export type { Http2FaultKind } from './http2-fault.ts';
export type { Http2Answer, Http2Request } from './http2-request.ts';
export type { TlsIdentity } from './open-socket.ts';
