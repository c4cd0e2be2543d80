/** The configuration cannot be run; says which field, and what it must be. */
export class ConfigInvalid extends Error {
  readonly field: string;

  constructor(field: string, rule: string) {
    super(`${field} ${rule}`);
    this.name = 'ConfigInvalid';
    this.field = field;
  }
}
