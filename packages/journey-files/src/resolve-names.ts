import { mapObjects } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { isSending } from './names.ts';
import type { Names } from './names.ts';

/** Told of each name that stands for nothing, or for several things. */
export type TellFault = (path: string, problem: string) => void;

type Book = Names['segments'];

const SEGMENT_LISTS = [
  ['included_segments', 'included_segment_ids'],
  ['excluded_segments', 'excluded_segment_ids'],
] as const;

/** What a file says, with ids where it has names. */
export function resolveNames(body: JsonObject, names: Names, tell: TellFault): JsonObject {
  const idOf = (book: Book, what: string, name: Json, path: string): string => {
    const ids = typeof name === 'string' ? book.idsOf(name) : [];
    if (ids.length > 1) {
      tell(
        path,
        `${JSON.stringify(name)} is the name of ${ids.length} things, each a ${what}: name one by its id`,
      );
    }
    if (ids.length === 0) tell(path, `no ${what} is called ${JSON.stringify(name)}`);
    return ids[0] ?? '';
  };
  const resolved = mapObjects(body, (object, path) => {
    const changed: Record<string, Json | undefined> = { ...object };
    const at = (name: string) => (path === '' ? name : `${path}.${name}`);
    const { kind, template, webhook } = object;
    if (isSending(kind) && template !== undefined) {
      delete changed['template'];
      const what = `template of the channel ${kind.slice('send_'.length)}`;
      changed['template_id'] = idOf(names.templates[kind], what, template, at('template'));
    }
    if (kind === 'send_webhook' && webhook !== undefined) {
      delete changed['webhook'];
      changed['webhook_id'] = idOf(names.webhooks, 'webhook', webhook, at('webhook'));
    }
    for (const [named, byId] of SEGMENT_LISTS) {
      const list = object[named];
      if (list === undefined) continue;
      delete changed[named];
      if (!Array.isArray(list)) tell(at(named), 'must be a list of names');
      const given = Array.isArray(list) ? (list as readonly Json[]) : [];
      const also = object[byId];
      changed[byId] = [
        ...given.map((name, index) => idOf(names.segments, 'segment', name, `${at(named)}[${index}]`)),
        ...(Array.isArray(also) ? (also as readonly Json[]) : []),
      ];
    }
    return changed;
  });
  return resolved as JsonObject;
}

/** The other way: names where there are some, for a file. */
export function nameIds(body: JsonObject, names: Names): JsonObject {
  const named = mapObjects(body, (object) => {
    const changed: Record<string, Json | undefined> = { ...object };
    const { kind, template_id: template, webhook_id: webhook } = object;
    const put = (member: string, byId: string, name: string | undefined) => {
      if (name === undefined) return;
      changed[member] = name;
      delete changed[byId];
    };
    if (isSending(kind) && typeof template === 'string') {
      put('template', 'template_id', names.templates[kind].nameOf(template));
    }
    if (kind === 'send_webhook' && typeof webhook === 'string') {
      put('webhook', 'webhook_id', names.webhooks.nameOf(webhook));
    }
    for (const [member, byId] of SEGMENT_LISTS) {
      const ids = object[byId];
      if (!Array.isArray(ids)) continue;
      const list = ids.map((id) => names.segments.nameOf(String(id)));
      if (list.some((name) => name === undefined)) continue;
      changed[member] = list as Json;
      delete changed[byId];
    }
    return changed;
  });
  return named as JsonObject;
}
