import { createLiquid, LiquidFault } from '../../../platform/liquid/index.ts';
import { compileContent } from './content-program.ts';
import type { ContentProgram } from './content-program.ts';
import type { Renderable, RenderFailure } from './render-job.ts';

/** A compiled content of 30 KB takes some 300 KB. */
const MOST = 100;

/** A content in use: its program, and what is known of it. */
export interface KnownProgram {
  readonly key: string;
  /** Null when its Liquid is wrong: it was not checked before, or by an older version. */
  readonly program: ContentProgram | null;
  /** Milliseconds that rendering one recipient takes, as seen last. */
  cost: number;
  /** Recipients for whom it brought a process down. */
  victims: number;
  /** What it did to the last of them. */
  failure: RenderFailure;
}

/** Compiled contents, the most recently used. */
export class ProgramCache {
  readonly #liquid = createLiquid();
  readonly #known = new Map<string, KnownProgram>();

  /** `language` counts where the content has languages. */
  get(contentKey: string, content: Renderable, language: string | null): KnownProgram {
    const hasLanguages = content.channel === 'push' || content.channel === 'sms';
    const key = hasLanguages ? `${contentKey} ${language}` : contentKey;
    const known = this.#known.get(key) ?? this.#meet(key, content, language);
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size > MOST) {
      const oldest = this.#known.keys().next();
      if (!oldest.done) this.#known.delete(oldest.value);
    }
    return known;
  }

  #meet(key: string, content: Renderable, language: string | null): KnownProgram {
    const program = this.#compile(content, language);
    return { key, program, cost: 0.05, victims: 0, failure: 'the template cannot be rendered' };
  }

  #compile(content: Renderable, language: string | null): ContentProgram | null {
    try {
      return compileContent(this.#liquid, content, language);
    } catch (error) {
      if (error instanceof LiquidFault) return null;
      throw error;
    }
  }
}
