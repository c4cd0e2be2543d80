/** The source does not answer, or its files are not whole: waiting may mend it. */
export class SourceUnreachable extends Error {
  readonly code = 'SOURCE_UNREACHABLE';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SourceUnreachable';
  }
}

/** The source does not let us in. */
export class SourceRefused extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = 'SourceRefused';
    this.status = status;
  }
}
