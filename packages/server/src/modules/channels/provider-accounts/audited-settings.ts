import type { AnyProviderKind } from './provider-kind.ts';

type Shown = Readonly<Record<string, unknown>>;

/** Settings of one kind of provider. */
export interface SettingsOfKind {
  readonly kind: Pick<AnyProviderKind, 'show' | 'secrets'>;
  readonly settings: { readonly kind: string };
}

/**
 * Two versions of settings as the audit log may know them, named as in requests. A secret is told as being there, and as
 * having changed, and nothing more.
 */
export function auditedSettings(
  before: SettingsOfKind | null,
  after: SettingsOfKind,
): { readonly before: Shown; readonly after: Shown } {
  const former = before === null ? {} : secretsOf(before);
  const words = Object.entries(secretsOf(after)).map(([name, value]) => {
    if (value === null) return [name, null];
    const isReplaced = (former[name] ?? null) !== null && former[name] !== value;
    return [name, isReplaced ? 'set anew' : 'set'];
  });
  const formerWords = Object.entries(former).map(([name, value]) => [name, value === null ? null : 'set']);
  return {
    before: before === null ? {} : { ...shownOf(before), ...Object.fromEntries(formerWords) },
    after: { ...shownOf(after), ...Object.fromEntries(words) },
  };
}

function shownOf({ kind, settings }: SettingsOfKind): Shown {
  return kind.show(settings);
}

function secretsOf({ kind, settings }: SettingsOfKind): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    kind.secrets.map((name) => {
      const value = memberOf(settings, name.split('.')) ?? null;
      return [wireName(name), value === null ? null : JSON.stringify(value)];
    }),
  );
}

function memberOf(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((outer, name) => (outer as Record<string, unknown> | null)?.[name], value);
}

/** `privateKey` is `private_key` in requests. */
function wireName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
