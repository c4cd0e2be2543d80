export { KeyedHash } from './keyed-hash.ts';
export { newMasterKey, parseMasterKeys } from './master-keys.ts';
export type { MasterKeys } from './master-keys.ts';
export { SecretBox } from './secret-box.ts';
export type { Place } from './secret-box.ts';
export { TokenSigner } from './token-signer.ts';
