/**
 * SQL for a time in milliseconds, as float8: what whole microseconds divided by 1,000 are. `extract` would count in
 * numeric, and a cast from that writes the number as text and reads it again.
 */
export function millisecondsOf(at: string): string {
  return `(round(date_part('epoch', ${at}) * 1000000) / 1000)`;
}
