/** People with five tags and an email address each, the same in every run. `changed`: of the second sync, one in five. */
export interface Person {
  readonly externalId: string;
  readonly email: string;
  readonly tags: Readonly<Record<string, string>>;
}

export function person(n: number, changed = false): Person {
  const spread = (Math.imul(n, 2_654_435_761) >>> 0).toString(36);
  return {
    externalId: `user-${spread}-${n}`,
    email: `p${spread}.${n}@example.com`,
    tags: {
      first_name: `Person ${n}`,
      plan: 'gold',
      city: 'Utrecht',
      orders: changed && n % 5 === 0 ? '77' : String(n % 50),
      last_seen: String(1_760_000_000 + n),
    },
  };
}

/** As a line of a bulk request. */
export function lineOf({ externalId, email, tags }: Person): string {
  const body = {
    identity: { external_id: externalId },
    properties: { tags },
    subscriptions: [{ type: 'Email', token: email }],
  };
  return `${JSON.stringify(body)}\n`;
}

/** `count` things in pieces of text, so that no more than a piece is ever in memory. */
export function* pieces(count: number, text: (n: number) => string): Generator<Buffer> {
  const PIECE = 500;
  for (let first = 0; first < count; first += PIECE) {
    let piece = '';
    for (let n = first; n < Math.min(count, first + PIECE); n += 1) piece += text(n);
    yield Buffer.from(piece);
  }
}
