/** To the process: templates to be rendered for each of some scopes. */
export interface RenderWork {
  readonly templates: readonly string[];
  readonly scopes: readonly object[];
  /** What `now` means, in milliseconds since the epoch. */
  readonly now: number;
}

/** From the process: the texts in the order of the templates, or why there are none. */
export type RenderedTexts =
  | { readonly ok: true; readonly texts: readonly string[] }
  | { readonly ok: false; readonly reason: string };
