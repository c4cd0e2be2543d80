// Where a worker thread begins when it runs from source. tsx, given by --import, installs itself in main
// threads only; here it is installed by hand, then the file named in the first argument runs.
// Not TypeScript, because nothing could load it yet; not part of dist, where no loader is needed.
import { register } from 'tsx/esm/api';

register();
await import(process.argv[2]);
