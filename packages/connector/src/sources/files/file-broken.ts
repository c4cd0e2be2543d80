/**
 * A file is not there, or not whole, or a line of it cannot be read. The look ends here and nothing of it counts:
 * half a file must not look like people who have left. It passes when the file is written anew.
 */
export class FileBroken extends Error {
  readonly code = 'SOURCE_FILE_BROKEN';

  /** `line` counts from 1, the line of names included; null where no line is to blame. */
  constructor(file: string, line: number | null, rule: string, cause?: unknown) {
    super(`${file}${line === null ? '' : ` line ${line}`}: ${rule}`, { cause });
    this.name = 'FileBroken';
  }
}
