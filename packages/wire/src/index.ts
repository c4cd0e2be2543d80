export { catalogue } from './errors.ts';
export type { ErrorCode, ErrorEntry } from './errors.ts';
