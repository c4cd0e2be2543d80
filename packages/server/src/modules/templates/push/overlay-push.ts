import { platformFields, pushFields } from '@carillon/wire';
import type { PlatformFlags, PushFields } from '@carillon/wire';
import { overlayDynamicContent } from '../dynamic-content.ts';
import type { DynamicContentField } from '../dynamic-content.ts';
import type { PushContent } from './push-content.ts';

const NAMES = Object.keys(pushFields);
const PLATFORMS = Object.keys(platformFields);

/** What a request gives over what was said before. What says nothing (null, `""`, `[]`, `{}`) clears. */
export function overlayPush(
  given: PushFields & PlatformFlags & DynamicContentField,
  before: PushContent | null,
): PushContent {
  return {
    channel: 'push',
    fields: overlay(NAMES, given, before?.fields ?? {}),
    platforms: overlay(PLATFORMS, given, before?.platforms ?? {}),
    dynamicContent: overlayDynamicContent(given, before),
  };
}

function overlay(
  names: readonly string[],
  given: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  for (const name of names) {
    const value = given[name] === undefined ? before[name] : given[name];
    if (saysSomething(value)) said[name] = value;
  }
  return said;
}

function saysSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
