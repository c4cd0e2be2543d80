import { createLog, loadConfig, startSender } from '@carillon/server';

// Sends until it is killed. Configured by its environment, as every process of the platform.
const config = loadConfig();
const sender = await startSender(config, createLog({ level: config.logLevel }));
process.send?.({ owner: sender.owner });
process.once('SIGTERM', () => void sender.stop().then(() => process.exit(0)));
process.once('disconnect', () => process.exit(1));
