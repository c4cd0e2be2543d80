/** Clients of other systems that the server works with and does not bring along, with the versions it is tested with. */
export const DRIVERS = {
  mysql2: '3.24.6',
  '@nats-io/transport-node': '3.4.0',
  '@nats-io/jetstream': '3.4.0',
  kafkajs: '2.2.4',
} as const;

/** A client that is not installed. The message has the line that installs it. */
export class DriverMissing extends Error {
  override readonly name = 'DriverMissing';

  constructor(driver: keyof typeof DRIVERS) {
    super(`the server needs a driver that is not installed: npm install -E ${driver}@${DRIVERS[driver]}`);
  }
}

/** Loads a driver where it is installed. Throws DriverMissing. */
export async function loadDriver<Module>(
  name: keyof typeof DRIVERS,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new DriverMissing(name);
  }
}
