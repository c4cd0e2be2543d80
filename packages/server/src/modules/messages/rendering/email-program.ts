import type { Liquid, Template } from 'liquidjs';
import { LiquidFault } from '../../../platform/liquid/index.ts';
import { textFromHtml } from '../../channels/index.ts';
import type { EmailContent } from '../../templates/index.ts';
import type { RenderedTexts } from './render-job.ts';
import { splitTemplate } from './split-template.ts';
import { wantedValues } from './wanted-values.ts';
import type { Path, WantedValues } from './wanted-values.ts';

/** Where each text of the email comes from. */
function sourcesOf(
  liquid: Liquid,
  content: EmailContent,
): Readonly<Record<keyof RenderedTexts, string | null>> {
  const { subject, body, preheader, fromName, fromAddress, replyTo } = content;
  return { subject, html: body, text: plainText(liquid, body), preheader, fromName, fromAddress, replyTo };
}

/**
 * The plain text is made from the body once, tags and all. None where the two do not go together:
 * a body can begin a block inside the markup and end it outside, and half of it is lost with the markup.
 */
function plainText(liquid: Liquid, body: string): string | null {
  const text = textFromHtml(body);
  try {
    splitTemplate(liquid, text);
    return text;
  } catch (error) {
    if (error instanceof LiquidFault) return null;
    throw error;
  }
}

/** A text of the email: what never changes, with a place for a rendered part between any two. */
interface ProgramText {
  readonly name: keyof RenderedTexts;
  readonly fixed: readonly string[];
}

/** A content made ready: what stays here, what the rendering process renders, and what it needs for it. */
export interface EmailProgram {
  readonly texts: readonly ProgramText[];
  /** What the rendering process compiles: the templates of the texts that have parts to render. */
  readonly templates: readonly string[];
  /** Rendered parts of one email, over all texts. */
  readonly parts: number;
  readonly wanted: WantedValues;
}

/** Throws `LiquidFault` for a content that is not valid. */
export function compileEmail(liquid: Liquid, content: EmailContent): EmailProgram {
  const texts: ProgramText[] = [];
  const templates: string[] = [];
  const paths: Path[] = [];
  let computesNames = false;
  const sources = sourcesOf(liquid, content);
  for (const name of Object.keys(sources) as (keyof RenderedTexts)[]) {
    const source = sources[name];
    if (source === null) continue;
    const parsed = splitTemplate(liquid, source);
    texts.push({ name, fixed: parsed.fixed });
    if (parsed.parts.length === 0) continue;
    templates.push(source);
    paths.push(
      ...(liquid.variableSegmentsSync(
        parsed.parts.flatMap((part) => part.templates as Template[]),
      ) as Path[]),
    );
    computesNames ||= hidesNames(source);
  }
  if (computesNames) paths.push([[]], ['user'], ['subscription'], ['message']);
  const parts = texts.reduce((sum, text) => sum + text.fixed.length - 1, 0);
  return { texts, templates, parts, wanted: wantedValues(paths) };
}

/** The email of the recipient whose rendered parts begin at `at`. */
export function assembleEmail(
  { texts }: EmailProgram,
  parts: readonly (string | null)[],
  at: number,
): RenderedTexts {
  const email: Record<keyof RenderedTexts, string | null> = {
    subject: '',
    html: '',
    text: null,
    preheader: null,
    fromName: null,
    fromAddress: null,
    replyTo: null,
  };
  let next = at;
  for (const { name, fixed } of texts) {
    let text = fixed[0] ?? '';
    for (let index = 1; index < fixed.length; index += 1) text += (parts[next++] ?? '') + fixed[index];
    email[name] = text;
  }
  return email as RenderedTexts;
}

/** Names that the parser's list of variables does not show: `{{ [name] }}`, and filters that take an expression as text. */
function hidesNames(source: string): boolean {
  return /\{[{%][^}]*?[\s:,(|=<>{%-]\[|_exp\b/.test(source);
}
