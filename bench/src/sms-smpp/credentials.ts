/** What both clients bind with. */
export const SYSTEM_ID = 'bench';
export const PASSWORD = 'bench';
export const SENDER = '+15550100000';
export const TEXT = 'Your parcel is packed and waits for the courier: shop.example/orders/1';

/** The number of the recipient with this index. */
export function numberOf(index: number): string {
  return `+49151${String(index).padStart(8, '0')}`;
}
