import { Lanes, connectHints, createLog, openLaneDatabase, systemClock } from '@carillon/server';
import { CounterWorker } from './counter-worker.ts';

// Owns lanes and counts in them until it is told to end. Says 'started', and 'holding' with each
// batch that has been read and not yet written.
const [url = '', hold = '0'] = process.argv.slice(2);
const database = openLaneDatabase({ url, groups: 2 });
const log = createLog({ level: 'error' });
const hints = await connectHints(database, log);
const worker = new CounterWorker(database, Number(hold));
worker.onHold = () => process.send?.('holding');
const lanes = new Lanes({
  database,
  clock: systemClock,
  hints,
  log,
  workers: [worker],
});
await lanes.start();
process.send?.('started');
process.once('SIGTERM', () => {
  void (async () => {
    await lanes.stop();
    await hints.end();
    await database.end();
    process.exit(0);
  })();
});
