import { ApiError } from '../../platform/http/api-error.ts';
import type { AllowlistMode } from './api-key-store.ts';
import { isAddressRange } from './ip-allowlist.ts';

/** Throws `request-invalid` for an allow-list that is no list of address ranges, or lets nobody in. */
export function checkAllowlist(mode: AllowlistMode, ranges: readonly string[]): void {
  const wrong = ranges.findIndex((range) => !isAddressRange(range));
  if (wrong !== -1) {
    throw new ApiError('request-invalid', {
      params: { field: `ip_allowlist[${wrong}]`, rule: 'must be an address range such as 192.0.2.0/24' },
    });
  }
  if (mode === 'explicit' && ranges.length === 0) {
    throw new ApiError('request-invalid', {
      params: {
        field: 'ip_allowlist',
        rule: 'must have at least one entry when ip_allowlist_mode is explicit',
      },
    });
  }
}
