/** What an answer of FCM says. */
export interface FcmWords {
  /** FCM's name for the message that it has taken. */
  readonly name: string | null;
  /** FCM's own code for the fault, or else the status of Google's APIs; empty where there is none. */
  readonly code: string;
  /** Fields of the request that are wrong. */
  readonly fields: readonly string[];
}

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

const NOTHING: FcmWords = { name: null, code: '', fields: [] };
const LONGEST = 200;
const MOST_FIELDS = 3;

type Json = Readonly<Record<string, unknown>>;

/** A proxy on the way may answer anything. */
export function readFcmError(body: Buffer): FcmWords {
  let answer: Json;
  try {
    answer = asObject(JSON.parse(body.toString('utf8')));
  } catch {
    return NOTHING;
  }
  const { name } = answer;
  const error = asObject(answer['error']);
  const details = asList(error['details']).map(asObject);
  const detail = (type: string) => details.find((each) => each['@type'] === type) ?? {};
  const code = detail(FCM_ERROR)['errorCode'] ?? error['status'];
  return {
    name: typeof name === 'string' ? name.slice(0, LONGEST) : null,
    code: typeof code === 'string' && /^[A-Z_]{1,60}$/.test(code) ? code : '',
    fields: asList(detail(BAD_REQUEST)['fieldViolations'])
      .map((violation) => asObject(violation)['field'])
      .filter((field) => typeof field === 'string')
      .slice(0, MOST_FIELDS)
      .map((field) => field.slice(0, LONGEST)),
  };
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
