import { createLog, loadConfig, startStreams } from '@carillon/server';
import { fastClock } from '../fast-clock.ts';

// Works event streams until it is killed. Arguments: when the clock began, how fast it goes, the lease in real milliseconds.
const [base = '', speed = '', lease = ''] = process.argv.slice(2);
const config = loadConfig();
const streams = await startStreams(config, {
  log: createLog({ level: config.logLevel }),
  clock: fastClock(Number(base), Number(speed)),
  leaseMs: Number(lease) * Number(speed),
  lookEveryMs: Number(lease) / 5,
});
process.send?.({ owner: streams.owner });
process.once('SIGTERM', () => void streams.stop().then(() => process.exit(0)));
process.once('disconnect', () => process.exit(1));
