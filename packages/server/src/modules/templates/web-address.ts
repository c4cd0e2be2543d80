import { hasLiquid } from './liquid-text.ts';
import { refuseField } from './refuse-field.ts';

/** Refuses what is no absolute address of these schemes. What is Liquid is known only when it is filled in. */
export function checkWebAddress(
  field: string,
  address: string | undefined,
  schemes: readonly ('https' | 'http')[],
): void {
  if (address === undefined || hasLiquid(address)) return;
  const scheme = /^(https?):\/\/[^/]/i.exec(address)?.[1]?.toLowerCase();
  if (schemes.some((one) => one === scheme) && URL.canParse(address)) return;
  refuseField(
    field,
    `must be an absolute ${schemes.join(' or ')} URL such as https://example.com/path`,
    address,
  );
}
