import { createLog, loadConfig, startWebhooks } from '@carillon/server';
import { fastClock } from '../fast-clock.ts';

// Makes the calls of webhooks until it is killed. Arguments: when the clock began, how fast it goes, the lease in real milliseconds.
const [base = '', speed = '', lease = ''] = process.argv.slice(2);
const config = loadConfig();
const calling = await startWebhooks(config, {
  log: createLog({ level: config.logLevel }),
  clock: fastClock(Number(base), Number(speed)),
  leaseMs: Number(lease) * Number(speed),
  lookEveryMs: Number(lease) / 5,
});
process.send?.({});
process.once('SIGTERM', () => void calling.stop().then(() => process.exit(0)));
process.once('disconnect', () => process.exit(1));
