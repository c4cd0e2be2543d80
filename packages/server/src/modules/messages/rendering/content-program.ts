import type { Liquid, Template } from 'liquidjs';
import { LiquidFault } from '../../../platform/liquid/index.ts';
import { textFromHtml } from '../../channels/index.ts';
import { textsFor } from '../../templates/index.ts';
import type { PlainOutput } from './plain-output.ts';
import type { Renderable, RenderedTexts } from './render-job.ts';
import { splitTemplate } from './split-template.ts';
import { wantedValues } from './wanted-values.ts';
import type { Path, WantedValues } from './wanted-values.ts';

/** Where each text comes from: the names of an email, or those that the wire has for other channels. */
function sourcesOf(
  liquid: Liquid,
  content: Renderable,
  language: string | null,
): Readonly<Record<string, string | null>> {
  if (content.channel === 'texts') return content.texts;
  if (content.channel !== 'email') {
    return Object.fromEntries(textsFor(content, language).map(({ field, source }) => [field, source]));
  }
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

/** A text of the message: what never changes, with a place for a rendered part between any two. */
interface ProgramText {
  readonly name: string;
  readonly fixed: readonly string[];
}

/** A content made ready: what stays here, what the rendering process renders, and what it needs for it. */
export interface ContentProgram {
  readonly channel: Renderable['channel'];
  readonly texts: readonly ProgramText[];
  /** What the rendering process compiles: the templates of the texts that have parts to render. */
  readonly templates: readonly string[];
  /** The names of those texts. */
  readonly names: readonly string[];
  /** Rendered parts of one message, over all texts. */
  readonly parts: number;
  /** The parts, where each only shows a value; null where one does more. */
  readonly plain: readonly PlainOutput[] | null;
  readonly wanted: WantedValues;
}

/** The program for readers of `language`. Throws `LiquidFault` for a content that is not valid. */
export function compileContent(liquid: Liquid, content: Renderable, language: string | null): ContentProgram {
  const texts: ProgramText[] = [];
  const templates: string[] = [];
  const names: string[] = [];
  const paths: Path[] = [];
  const outputs: (PlainOutput | null)[] = [];
  let computesNames = false;
  for (const [name, source] of Object.entries(sourcesOf(liquid, content, language))) {
    if (source === null) continue;
    const parsed = splitTemplate(liquid, source);
    texts.push({ name, fixed: parsed.fixed });
    if (parsed.parts.length === 0) continue;
    for (const { plain } of parsed.parts) outputs.push(plain);
    templates.push(source);
    names.push(name);
    paths.push(
      ...(liquid.variableSegmentsSync(
        parsed.parts.flatMap((part) => part.templates as Template[]),
      ) as Path[]),
    );
    computesNames ||= hidesNames(source);
  }
  if (computesNames) paths.push([[]], ['user'], ['subscription'], ['message'], ['data_feed']);
  const plain = outputs.filter((output) => output !== null);
  return {
    channel: content.channel,
    texts,
    templates,
    names,
    parts: outputs.length,
    plain: plain.length === outputs.length ? plain : null,
    wanted: wantedValues(paths),
  };
}

/** The texts of the recipient whose rendered parts begin at `at`. */
export function assemble(
  { channel, texts }: ContentProgram,
  parts: readonly (string | null)[],
  at: number,
): RenderedTexts | Record<string, string> {
  const filled: Record<string, string | null> = channel === 'email' ? emptyEmail() : {};
  let next = at;
  for (const { name, fixed } of texts) {
    let text = fixed[0] ?? '';
    for (let index = 1; index < fixed.length; index += 1) text += (parts[next++] ?? '') + fixed[index];
    filled[name] = text;
  }
  return filled as RenderedTexts | Record<string, string>;
}

/** Every email has all members, in one order: what reads a million of them is compiled for one shape. */
function emptyEmail(): Record<keyof RenderedTexts, string | null> {
  return {
    subject: '',
    html: '',
    text: null,
    preheader: null,
    fromName: null,
    fromAddress: null,
    replyTo: null,
  };
}

/** Names that the parser's list of variables does not show: `{{ [name] }}`, and filters that take an expression as text. */
function hidesNames(source: string): boolean {
  return /\{[{%][^}]*?[\s:,(|=<>{%-]\[|_exp\b/.test(source);
}
