/** Another process works under the same connector's name on the same database. */
export class AlreadyRunning extends Error {
  constructor() {
    super(
      'Another connector of this name is running on this database. Stop it, or give this one another name.',
    );
    this.name = 'AlreadyRunning';
  }
}
