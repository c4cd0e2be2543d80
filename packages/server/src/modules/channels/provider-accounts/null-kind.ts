import { Type } from 'typebox';
import type { Transport } from '../transport.ts';
import type { AnyProviderKind } from './provider-kind.ts';

const body = Type.Object(
  { kind: Type.Literal('null', { description: 'Takes every message and drops it.' }) },
  { additionalProperties: false },
);

/** Takes every message and drops it: to measure everything but the provider. */
export function nullKind(transport: Transport): AnyProviderKind {
  return {
    transport,
    kind: 'null',
    body,
    shown: body,
    secrets: [],
    read: () => ({ kind: 'null' }),
    show: () => ({ kind: 'null' }),
  };
}
