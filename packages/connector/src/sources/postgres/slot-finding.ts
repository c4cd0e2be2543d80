import type { Finding } from '../../model/source.ts';
import { good } from '../check-findings.ts';

/** May a slot be made here? `limit` is the bytes of log that slots may hold back; null without a limit. */
export function slotFinding(limit: number | null, accepted: boolean): Finding {
  if (limit !== null) return good('slot', 'what it may hold back is limited');
  return {
    what: 'slot',
    state: accepted ? 'warning' : 'refused',
    detail: 'a slot that nobody reads can fill the disk of the source',
    fix: "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'; SELECT pg_reload_conf(); -- or source.unlimitedSlot: true",
  };
}
