/** A file of people that is the same in every run: new ones, repeated ones, addresses that move, and bad rows. */
export function fileOf(rows: number): string {
  const lines = ['external_id,email,phone_number,subscribed,language,plan,orders,created_at'];
  for (let n = 0; n < rows; n += 1) lines.push(rowOf(n));
  return `${lines.join('\n')}\n`;
}

function rowOf(n: number): string {
  const email = `p${n}@example.com`;
  const at = `2024-02-${String((n % 28) + 1).padStart(2, '0')}T08:00:00Z`;
  // Somebody who was there a while ago: other tags, the same address or that of another one.
  const earlier = Math.imul(n, 2_654_435_761) >>> 0;
  switch (n % 17) {
    case 5:
      return `x-${earlier % n},,,,de,silver,${n},${at}`;
    case 7:
      return `x-${n},p${earlier % n}@example.com,,yes,fr,gold,${n},${at}`;
    case 9:
      return `,p${earlier % n}@example.com,,no,,bronze,,`;
    case 11:
      return `x-${n},no address,,,,,,`;
    case 13:
      return `x-${n},${email},+3161${String(n).padStart(7, '0')},yes,nl,"two\nlines",${n},${at}`;
    default:
      return `x-${n},${email},,yes,en,gold,${n % 50},${at}`;
  }
}
