import { isUuid } from '../../../../platform/ids.ts';

/** What a browser says to its push service. */
export type BrowserMessage =
  | { readonly messageType: 'hello'; readonly uaid: string | null }
  | { readonly messageType: 'register'; readonly channelID: string; readonly key: Buffer | null }
  | { readonly messageType: 'unregister'; readonly channelID: string }
  | { readonly messageType: 'ack'; readonly versions: readonly string[] }
  | { readonly messageType: 'ping' }
  /** What a push service may leave unanswered. */
  | { readonly messageType: 'other' };

/** Null for what no browser says. */
export function readBrowserMessage(text: string): BrowserMessage | null {
  const said = parse(text);
  if (said === null) return null;
  const { messageType, uaid, channelID, key, updates } = said;
  switch (messageType) {
    case undefined:
    case 'ping':
      return { messageType: 'ping' };
    case 'hello':
      return { messageType, uaid: typeof uaid === 'string' && /^[0-9a-f]{32}$/.test(uaid) ? uaid : null };
    case 'register':
      if (typeof channelID !== 'string' || !isUuid(channelID)) return null;
      return { messageType, channelID, key: typeof key === 'string' ? Buffer.from(key, 'base64url') : null };
    case 'unregister':
      return typeof channelID === 'string' && isUuid(channelID) ? { messageType, channelID } : null;
    case 'ack':
    case 'nack':
      return { messageType: 'ack', versions: versionsIn(updates ?? [said]) };
    default:
      return { messageType: 'other' };
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function versionsIn(updates: unknown): string[] {
  if (!Array.isArray(updates)) return [];
  return updates.flatMap((update: unknown) => {
    const version = (Object(update) as { version?: unknown }).version;
    return typeof version === 'string' ? [version] : [];
  });
}
