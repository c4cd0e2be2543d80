import { FakeClock } from '@carillon/test-kit';
import { describe, expect, it } from 'vitest';
import { NumberPlayer } from './play-number.ts';

const TAKEN = { kind: 'take', fate: 'delivered', isAnswered: true, isStopped: false };

describe('what a number asks for', () => {
  it.each([
    ['+4915112345', TAKEN],
    ['+15005551000', { kind: 'refuse', twilio: 21211, smpp: 0x0b, vonage: '1190' }],
    ['+15005552000', { kind: 'defer' }],
    ['+15005554000', { ...TAKEN, fate: 'undelivered' }],
    ['+15005556000', { kind: 'cut' }],
    ['+15005557000', { ...TAKEN, isAnswered: false }],
    ['+15005558000', { kind: 'throttle' }],
    ['+15005559000', { ...TAKEN, isStopped: true }],
  ])('%s is played', async (number, verdict) => {
    expect(await new NumberPlayer(new FakeClock()).play(number)).toEqual(verdict);
  });

  it('is refused once and no more, for each number', async () => {
    const player = new NumberPlayer(new FakeClock());
    const verdicts = [];
    for (const number of ['+15005553001', '+15005553002', '+15005553001', '+15005553002']) {
      verdicts.push((await player.play(number)).kind);
    }
    expect(verdicts).toEqual(['defer', 'defer', 'take', 'take']);
  });

  it('is taken a second later where it is slow', async () => {
    const clock = new FakeClock();
    let isTaken = false;
    const playing = new NumberPlayer(clock).play('+15005555000').then((verdict) => {
      isTaken = true;
      return verdict;
    });
    await clock.advance(999);
    expect(isTaken).toBe(false);
    await clock.advance(1);
    expect(await playing).toEqual(TAKEN);
  });
});
