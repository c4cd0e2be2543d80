import type { User } from '@carillon/wire';
import type { Person, PersonalData } from '../identity/index.ts';

/** Text is handed on in pieces of about this many characters. */
const PIECE = 64 * 1024;

/**
 * One JSON document with everything that is held about a person, piece by piece: however much it is,
 * little of it is in memory at a time. It is read while the platform goes on, each part at its own moment.
 */
export async function* exportPerson(
  user: User,
  person: Person,
  parts: readonly PersonalData[],
  now: number,
): AsyncGenerator<string> {
  const [, ...former] = person.users;
  let piece = JSON.stringify({
    app_id: person.appId,
    exported_at: new Date(now).toISOString(),
    user,
    former_onesignal_ids: former.map(({ userId }) => userId),
  }).slice(0, -1);
  for (const { name, exportOf } of parts) {
    if (exportOf === null) continue;
    piece += `,${JSON.stringify(name)}:[`;
    let comma = '';
    for await (const record of exportOf(person)) {
      piece += comma + JSON.stringify(record);
      comma = ',';
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
    piece += ']';
  }
  yield `${piece}}`;
}
