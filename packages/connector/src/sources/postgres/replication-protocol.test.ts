import { describe, expect, it } from 'vitest';
import { parseLsn, parseStreamMessage, statusUpdate } from './replication-protocol.ts';

describe('the replication stream', () => {
  it('tells data from heartbeats', () => {
    const data = Buffer.concat([Buffer.from([0x77]), Buffer.alloc(24), Buffer.from('payload')]);
    expect(parseStreamMessage(data)).toEqual({ kind: 'data', payload: Buffer.from('payload') });

    const heartbeat = Buffer.alloc(18);
    heartbeat[0] = 0x6b;
    heartbeat.writeBigUInt64BE(0x16_b374d848n, 1);
    heartbeat[17] = 1;
    expect(parseStreamMessage(heartbeat)).toEqual({ kind: 'heartbeat', end: 0x16_b374d848n, reply: true });
  });

  it('reads positions as PostgreSQL writes them', () => {
    expect(parseLsn('16/B374D848')).toBe(0x16_b374d848n);
    expect(parseLsn('0/0')).toBe(0n);
  });

  it('acknowledges the very position, not a byte more', () => {
    const message = statusUpdate(0x16_b374d848n, Date.UTC(2000, 0, 1) + 5);
    expect([1, 9, 17].map((place) => message.readBigUInt64BE(place))).toEqual(Array(3).fill(0x16_b374d848n));
    expect(message.readBigUInt64BE(25)).toBe(5000n);
    expect(message[33]).toBe(0);
  });
});
