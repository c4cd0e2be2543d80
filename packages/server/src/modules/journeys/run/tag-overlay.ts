/** Tags after an assignment; '' removes. */
export function tag(
  tags: Readonly<Record<string, string>>,
  assignments: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries({ ...tags, ...assignments }).filter(([, value]) => value !== ''));
}
