/** A server and what opens it. */
export interface Stage {
  /** The root address, without a slash at its end. */
  readonly url: string;
  readonly app: string;
  readonly appKey: string;
  /** Null when the run was given none: then cases about organizations do not run. */
  readonly organization: Organization | null;
}

export interface Organization {
  readonly id: string;
  readonly key: string;
}
