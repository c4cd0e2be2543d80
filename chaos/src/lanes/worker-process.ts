import {
  Identity,
  JourneyBook,
  JourneyStore,
  JourneyWorker,
  Lanes,
  Partitions,
  connectHints,
  createLog,
  openLaneDatabase,
} from '@carillon/server';
import { fastClock } from '../fast-clock.ts';
import { plainFacts } from './plain-facts.ts';

// Owns lanes and works journeys until it is killed. Tells its parent the id under which it owns them.
const [url = '', base = '', speed = '', contentId = ''] = process.argv.slice(2);
const clock = fastClock(Number(base), Number(speed));
const log = createLog({ level: 'error' });
const database = openLaneDatabase({ url, groups: 2 });
const hints = await connectHints(database, log);
const identity = new Identity({ database, clock });
const worker = new JourneyWorker({
  database,
  book: new JourneyBook(new JourneyStore(database)),
  identity,
  facts: plainFacts(identity, contentId),
  partitions: new Partitions(database),
  finishLaunch: () => Promise.resolve(),
  endAwaiting: () => Promise.resolve(false),
  wakeSenders: () => {},
  wakeCallers: () => {},
  wakeReaders: () => {},
});
const lanes = new Lanes({ database, clock, hints, log, workers: [worker] });
await lanes.start();
process.send?.({ owner: lanes.owned.owner });
process.once('SIGTERM', () => void lanes.stop().then(() => process.exit(0)));
