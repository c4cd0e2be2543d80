/**
 * What the codes of Vonage's errors (developer.vonage.com/api-errors/messages) say of a message that was handed over:
 *
 * - `address`: nobody can ever be reached at this number
 * - `unsubscribed`: its person has texted STOP
 * - `message`: this message will never go to this number
 * - `settings`: the account, the application or the sender has to be mended, and then it goes
 * - `busy`: not now
 */
export type VonageFault = 'address' | 'unsubscribed' | 'message' | 'settings' | 'busy';

const FAULTS: Readonly<Record<VonageFault, readonly string[]>> = {
  address: ['1190'],
  unsubscribed: ['1240'],
  message: [
    '1040',
    '1050',
    '1090',
    '1170',
    '1200',
    '1210',
    '1250',
    '1260',
    '1270',
    '1280',
    '1300',
    '1310',
    '1430',
  ],
  settings: [
    '1060',
    '1070',
    '1080',
    '1110',
    '1120',
    '1140',
    '1160',
    '1420',
    'account-suspended',
    'forbidden',
    'invalid-api-key',
    'invalid-signature',
    'jwt-expired',
    'jwt-revoked',
    'low-balance',
    'unauthorized',
    'unprovisioned',
  ],
  busy: ['1000', '1030', '1100', '1180', '1220', '1230', '1241'],
};

const HINTS: Readonly<Record<string, string>> = {
  '1070': 'top the account up',
  '1120': 'set a sender that the country permits, in `from` of the settings or `sms_from` of the message',
  '1160': 'permit the number in the Vonage dashboard',
  '1420': 'set a sender of this account, in `from` of the settings or `sms_from` of the message',
  'jwt-expired': 'set the clock of this machine right',
  'low-balance': 'top the account up',
};
const CREDENTIALS_HINT =
  'set the application, its private key and the API of its region with PUT /apps/{app_id}/channels/sms';

const byCode = new Map<string, VonageFault>(
  Object.entries(FAULTS).flatMap(([fault, codes]) =>
    codes.map((code) => [code, fault as VonageFault] as const),
  ),
);

/** Null for a code that the table does not have. */
export function faultOfCode(code: string): VonageFault | null {
  return byCode.get(code) ?? null;
}

/** What whoever runs the app has to do; null: no code, only a status that is about the credentials. */
export function hintOf(code: string | null): string {
  return HINTS[code ?? ''] ?? CREDENTIALS_HINT;
}

/** `1430` of `https://developer.vonage.com/api-errors/messages#1430`; null where a problem names none. */
export function codeOfProblem(type: unknown): string | null {
  return typeof type === 'string' ? (/#([\w-]{1,40})$/.exec(type)?.[1] ?? null) : null;
}
