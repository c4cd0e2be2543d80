import { invalidField } from '../../../platform/http/invalid-field.ts';
import { isUuid, newId } from '../../../platform/ids.ts';
import type { Audience, Definition, JourneyNode } from './definition.ts';

/** One minute to one year of 365.2425 days. */
const WAIT_SECONDS = { least: 60, most: 31_556_952 };
/** More than any journey on a screen; a run passes them one by one. */
const MOST_NODES = 200;

type Fields = Readonly<Record<string, unknown>>;

/** Members that the server decides on. */
const SERVERS_OWN = [
  'id',
  'app_id',
  'state',
  'created_at',
  'updated_at',
  'started_at',
  'archived_at',
  'created_source',
];
const NODE_FIELDS = ['kind', 'annotation', 'client_node_id'];

export interface JourneyDraft {
  readonly name: string;
  readonly description: string | null;
  readonly definition: Definition;
}

/**
 * Reads a journey to be created. Throws ApiError `request-invalid`, naming the field by its path,
 * for whatever is not known here: a journey must not be accepted and then do less than it says.
 */
export function parseJourney(body: Fields): JourneyDraft {
  for (const field of SERVERS_OWN) {
    if (body[field] !== undefined) throw invalidField(field, 'is set by the server: remove it');
  }
  onlyKnown(
    body,
    [
      'name',
      'description',
      'audience',
      'nodes',
      'concurrency_key',
      'early_exit',
      'reentry_rules',
      'schedule',
    ],
    '',
  );
  for (const field of ['early_exit', 'reentry_rules', 'schedule']) {
    if (body[field] !== undefined && body[field] !== null)
      throw invalidField(field, 'is not supported yet: remove it');
  }
  return {
    name: parseName(body['name']),
    description: parseDescription(body['description']),
    definition: { audience: parseAudience(body['audience']), ...parseNodes(body['nodes'], 1) },
  };
}

export function parseName(name: unknown): string {
  if (typeof name !== 'string' || name.trim() === '') throw invalidField('name', 'is required');
  if (name.length > 300) throw invalidField('name', 'must be at most 300 characters long');
  return name;
}

export function parseDescription(description: unknown): string | null {
  if (description === undefined || description === null) return null;
  if (typeof description !== 'string') throw invalidField('description', 'must be a string');
  if (description.length > 1_024) throw invalidField('description', 'must be at most 1024 characters long');
  return description;
}

export function parseAudience(audience: unknown): Audience {
  const fields = asFields(audience, 'audience');
  if (fields['kind'] !== 'event_trigger')
    throw invalidField('audience.kind', 'must be event_trigger: no other is supported yet');
  onlyKnown(fields, ['kind', 'name', 'attributes'], 'audience.');
  const attributes = fields['attributes'];
  if (
    attributes !== undefined &&
    attributes !== null &&
    !(Array.isArray(attributes) && attributes.flat().length === 0)
  ) {
    throw invalidField('audience.attributes', 'is not supported yet: remove it');
  }
  const name = fields['name'];
  if (typeof name !== 'string' || name === '') throw invalidField('audience.name', 'is required');
  if (name.length > 255) throw invalidField('audience.name', 'must be at most 255 characters long');
  return { kind: 'event_trigger', name };
}

/** Nodes with keys from `firstKey` on. */
export function parseNodes(nodes: unknown, firstKey: number): { nodes: JourneyNode[]; nextKey: number } {
  if (!Array.isArray(nodes)) throw invalidField('nodes', 'must be an array');
  if (nodes.length > MOST_NODES) throw invalidField('nodes', `must have at most ${MOST_NODES} entries`);
  return {
    nodes: nodes.map((node: unknown, index) => parseNode(node, `nodes[${index}]`, firstKey + index)),
    nextKey: firstKey + nodes.length,
  };
}

function parseNode(node: unknown, path: string, key: number): JourneyNode {
  const fields = asFields(node, path);
  if (fields['id'] !== undefined) throw invalidField(`${path}.id`, 'is set by the server: remove it');
  const base = {
    id: newId(),
    key,
    annotation: optionalText(fields['annotation'], `${path}.annotation`),
    clientNodeId: optionalText(fields['client_node_id'], `${path}.client_node_id`),
  };
  switch (fields['kind']) {
    case 'wait':
      onlyKnown(fields, [...NODE_FIELDS, 'duration_seconds'], `${path}.`);
      return {
        ...base,
        kind: 'wait',
        durationSeconds: parseDuration(fields['duration_seconds'], `${path}.duration_seconds`),
      };
    case 'send_email': {
      onlyKnown(fields, [...NODE_FIELDS, 'template_id'], `${path}.`);
      const templateId = fields['template_id'];
      if (typeof templateId !== 'string' || !isUuid(templateId))
        throw invalidField(`${path}.template_id`, 'must be a valid UUID');
      return { ...base, kind: 'send_email', templateId: templateId.toLowerCase() };
    }
    default:
      throw invalidField(`${path}.kind`, 'must be one of wait, send_email: no others are supported yet');
  }
}

function parseDuration(seconds: unknown, path: string): number {
  const { least, most } = WAIT_SECONDS;
  if (!Number.isInteger(seconds) || (seconds as number) < least || (seconds as number) > most) {
    throw invalidField(path, `must be a whole number from ${least} to ${most}`);
  }
  return seconds as number;
}

function optionalText(text: unknown, path: string): string | null {
  if (text === undefined || text === null) return null;
  if (typeof text !== 'string' || text.length > 255)
    throw invalidField(path, 'must be a string of at most 255 characters');
  return text;
}

function asFields(value: unknown, path: string): Fields {
  if (value === undefined || value === null) throw invalidField(path, 'is required');
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidField(path, 'must be an object');
  return value as Fields;
}

function onlyKnown(fields: Fields, known: readonly string[], prefix: string): void {
  const stranger = Object.keys(fields).find((field) => !known.includes(field));
  if (stranger !== undefined) throw invalidField(`${prefix}${stranger}`, 'is not known here: remove it');
}
