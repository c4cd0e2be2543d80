import { totalmem } from 'node:os';

/** Settings of the server by name, as in postgresql.conf. */
export type ServerSettings = Readonly<Record<string, string>>;

const MB = 2 ** 20;

/**
 * What the server runs with. Given on its command line at each start, so a new release changes them
 * without touching the data.
 */
export function serverSettings(memoryBytes: number = availableMemory()): ServerSettings {
  return {
    shared_buffers: `${sharedBuffersMb(memoryBytes)}MB`,
    max_wal_size: '2GB',
    // The log's files are written over, not made anew: that costs each byte of it a second write.
    min_wal_size: '1GB',
    max_connections: '200',
    // The daily partitions of several tables are locked together.
    max_locks_per_transaction: '256',
    // So that a connector can follow tables in this server too.
    wal_level: 'logical',
    max_replication_slots: '16',
    max_wal_senders: '16',
    // A forgotten slot would keep the log of all changes until the disk is full.
    max_slot_wal_keep_size: '4GB',
    // The hot statements are short: compiling one costs more than running it.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    cluster_name: 'carillon',
    // Statements and the details of errors hold addresses and tags. They stay out of the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  };
}

/** An eighth of the memory, between 32 and 256 MB: the file cache of the system does the rest. */
function sharedBuffersMb(memoryBytes: number): number {
  return Math.min(256, Math.max(32, Math.floor(memoryBytes / 8 / MB)));
}

/** The machine's memory, or the container's where that is less. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
