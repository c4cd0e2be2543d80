import { expect, it } from 'vitest';
import { typesOfDeviceName, typesOfFlags } from './device-names.ts';

it('flags that are true leave out the platforms of the others', () => {
  expect(typesOfFlags({ isIos: true, isAndroid: false, isAdm: null })).toEqual(['iOSPush']);
  expect(typesOfFlags({ isChromeWeb: true, isEdge: true })).toEqual(['ChromePush']);
  expect(typesOfFlags({ isAnyWeb: true })).toContain('FirefoxPush');
});

it('without one that is true all platforms are meant, and with one that is no more nobody', () => {
  expect(typesOfFlags({})).toBeNull();
  expect(typesOfFlags({ isIos: false, isAndroid: null })).toBeNull();
  expect(typesOfFlags({ isWP: true })).toEqual([]);
});

it('names of devices are known in any case of letters', () => {
  expect(typesOfDeviceName('ios')).toEqual(['iOSPush']);
  expect(typesOfDeviceName(' Web Push (Browser)')).toContain('ChromePush');
  expect(typesOfDeviceName('toaster')).toBeNull();
});
