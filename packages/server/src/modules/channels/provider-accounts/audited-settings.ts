import type { EmailSettings } from '../email/email-account.ts';

type Shown = Readonly<Record<string, unknown>>;

/**
 * Two versions of settings as the audit log may know them, named as in requests. A password is told as being there, and as
 * having changed, and nothing more.
 */
export function auditedSettings(
  before: EmailSettings | null,
  after: EmailSettings,
): { readonly before: Shown; readonly after: Shown } {
  const former = passwordOf(before);
  const isReplaced = former !== null && former !== passwordOf(after);
  return {
    before: before === null ? {} : shown(before, 'set'),
    after: shown(after, isReplaced ? 'set anew' : 'set'),
  };
}

function passwordOf(settings: EmailSettings | null): string | null {
  return settings?.kind === 'smtp' ? settings.password : null;
}

function shown(settings: EmailSettings, word: string): Shown {
  if (settings.kind === 'null') return { kind: settings.kind };
  const { password, fromName, fromAddress, ...rest } = settings;
  return {
    ...rest,
    from_name: fromName,
    from_address: fromAddress,
    password: password === null ? null : word,
  };
}
