export { ConfigurationError, loadConfig } from './config.ts';
export type { BounceConfig, Config, PortChoice, SandboxConfig } from './config.ts';
export { loadMasterKeys } from './master-key-file.ts';
export { configurationReference } from './reference.ts';
export { summaryOf } from './summary.ts';
