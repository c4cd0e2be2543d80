/** A refusal in the words of Google's APIs. */
export interface FcmRefusal {
  readonly status: number;
  /** Of Google's APIs. */
  readonly rpcStatus: string;
  readonly message: string;
  /** FCM's own. */
  readonly errorCode?: string;
  readonly violations?: readonly FieldViolation[];
}

export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

export function invalidArgument(violations: readonly FieldViolation[]): FcmRefusal {
  return {
    status: 400,
    rpcStatus: 'INVALID_ARGUMENT',
    message: violations.map(({ description }) => description).join('; '),
    errorCode: 'INVALID_ARGUMENT',
    violations,
  };
}

export function fcmReplyOf({ status, rpcStatus, message, errorCode, violations = [] }: FcmRefusal) {
  const details = [
    ...(errorCode === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }]),
    ...(violations.length === 0
      ? []
      : [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: violations }]),
  ];
  const error = { code: status, message, status: rpcStatus, ...(details.length > 0 && { details }) };
  return {
    kind: 'answer',
    status,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      ...(status === 429 && { 'retry-after': '30' }),
    },
    body: JSON.stringify({ error }),
  } as const;
}
