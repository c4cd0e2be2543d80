import type { Config } from './config.ts';

/** The configuration in lines for the operator's eyes, without any secret. */
export function summaryOf(config: Config): string {
  const lines: [string, string][] = [
    ['role', config.role],
    ['database', databaseOf(config)],
    ['connections', String(config.databaseConnections)],
    ['listens on', `${config.host}:${config.port === 0 ? 'any free port' : config.port}`],
    ['public URL', config.publicUrl ?? 'where it listens'],
    ['master key', config.masterKey === null ? `${config.dataDir}/master.key` : 'set (not shown)'],
    ['sandbox', sandboxOf(config)],
    ['bounces', bouncesOf(config)],
    ['trusted proxies', config.trustedProxies.join(', ') || 'none'],
    ['rate limits', limitsOf(config)],
    ['lane lease', `${config.laneLeaseMs} ms`],
    ['send lease', `${config.sendLeaseMs} ms`],
    ['log level', config.logLevel],
    ['file', config.file ?? 'none'],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function databaseOf({ database, dataDir }: Config): string {
  switch (database.kind) {
    case 'embedded':
      return `embedded, in ${dataDir}`;
    case 'external':
      return withoutSecrets(database.url);
  }
}

function bouncesOf({ bounces }: Config): string {
  if (bounces === null) return 'off';
  const { host, port, isFixed } = bounces;
  return port === 0 ? `${host}, any free port` : `${host}:${port}${isFixed ? '' : ' or another'}`;
}

function limitsOf({ rateLimits }: Config): string {
  return Object.entries(rateLimits)
    .map(([name, { limit, window_seconds: seconds }]) => {
      if (limit === null) return `${name} off`;
      return `${name} ${limit}${seconds === 1 ? '/s' : ` in ${seconds} s`}`;
    })
    .join(', ');
}

/** Where, never as whom: a URL can carry a password in its user part and in its query. */
function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return 'set (not shown)';
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}

function sandboxOf({ sandbox }: Config): string {
  if (sandbox === null) return 'off';
  const { smtp, apns, fcm, webPush, huawei, adm, twilio, vonage, sns, mailApis, smpp } = sandbox;
  const push = { APNs: apns, FCM: fcm, 'web push': webPush, Huawei: huawei, ADM: adm };
  const sms = { Twilio: twilio, Vonage: vonage, SNS: sns, SMPP: smpp };
  const receivers = { SMTP: smtp, 'mail APIs': mailApis, ...push, ...sms };
  const ports = Object.entries(receivers).map(([name, { port, isFixed }]) => {
    if (port === 0) return `${name} on any free port`;
    return `${name} on ${port}${isFixed ? '' : ' or another'}`;
  });
  return `on: ${ports.join(', ')}`;
}
