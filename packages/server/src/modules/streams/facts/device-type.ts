/** What event streams call a type of subscription: `iOS`, `Chrome`, `Email`. Empty for what is gone. */
export function deviceTypeOf(type: string | null): string {
  return type === null ? '' : type.replace(/Push$/, '');
}
