/** What is wrong with a file, so that somebody can mend it. */
export interface Fault {
  readonly file: string;
  /** Of the member: `nodes[0].template`; '' for the whole file. */
  readonly path: string;
  readonly problem: string;
}

/** Nothing was done: the files, the arguments or what they name are wrong. */
export class FilesInvalid extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(
      faults.map(({ file, path, problem }) => [file, path, problem].filter(Boolean).join(': ')).join('\n'),
    );
    this.name = 'FilesInvalid';
    this.faults = faults;
  }
}

/** The server cannot be reached, or does not answer as it should. */
export class ServerFailed extends Error {
  readonly isRefusedKey: boolean;

  constructor(message: string, isRefusedKey = false) {
    super(message);
    this.name = 'ServerFailed';
    this.isRefusedKey = isRefusedKey;
  }
}
