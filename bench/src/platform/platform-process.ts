import { createLog, loadConfig, startCarillon } from '@carillon/server';

/**
 * The platform as a process of its own, so that its memory is its own. Configured by its
 * environment; tells its parent when it runs, and its peak memory when asked.
 */
const carillon = await startCarillon(loadConfig(process.env, '/'), { log: createLog({ level: 'warn' }) });
process.send?.({ kind: 'running', url: carillon.url, appId: carillon.appId, appKey: carillon.appKey });

process.on('message', (asked) => {
  if (asked === 'memory')
    process.send?.({ kind: 'memory', peakRssMb: process.resourceUsage().maxRSS / 1024 });
});
process.once('disconnect', () => void carillon.stop().then(() => process.exit(0)));
