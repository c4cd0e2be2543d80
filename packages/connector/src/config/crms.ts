import { readingSettings } from './reading-settings.ts';
import type { ReadingOptions, ReadingSettings } from './reading-settings.ts';

/** Objects that are read, with the fields that are wanted of each; the id comes with them. */
export type WantedObjects = Readonly<Record<string, readonly string[]>>;

interface CrmOptions extends Pick<ReadingOptions, 'every' | 'overlap' | 'reconcile'> {
  /** 'cursor' asks each `every` for what has changed; 'diff' reads everything each time. 'cursor' when absent. */
  readonly changes?: 'cursor' | 'diff';
  readonly objects: WantedObjects;
}

export interface SalesforceAccess {
  /** https://MYDOMAIN.my.salesforce.com */
  readonly url: string;
  readonly clientId: string;
  /** Client credentials: the secret of the connected app. */
  readonly clientSecret?: string;
  /** JWT bearer instead: the user it acts for, and the private key of the app's certificate in PEM. */
  readonly username?: string;
  readonly privateKey?: string;
  /** JWT bearer: https://login.salesforce.com when absent, https://test.salesforce.com for sandboxes. */
  readonly audience?: string;
  /** 62.0 when absent. */
  readonly apiVersion?: string;
}

export interface HubspotAccess {
  /** The token of a private app. */
  readonly token: string;
  /** https://api.hubapi.com when absent. */
  readonly url?: string;
}

export interface SalesforceSource extends ReadingSettings, SalesforceAccess {
  readonly kind: 'salesforce';
  readonly objects: WantedObjects;
}
export interface HubspotSource extends ReadingSettings, HubspotAccess {
  readonly kind: 'hubspot';
  readonly objects: WantedObjects;
}

/** Records in Salesforce; `sql\`SELECT * FROM Contact\`` with the key `Id` makes contacts the users. */
export function salesforce(options: CrmOptions & SalesforceAccess): SalesforceSource {
  return { kind: 'salesforce', ...options, ...settings(options) };
}

/** Records in HubSpot; `sql\`SELECT * FROM contacts\`` with the key `id` makes contacts the users. */
export function hubspot(options: CrmOptions & HubspotAccess): HubspotSource {
  return { kind: 'hubspot', ...options, ...settings(options) };
}

function settings({ changes = 'cursor', every, overlap, reconcile }: CrmOptions): ReadingSettings {
  return readingSettings({
    changes,
    // A look at everything spends the day's requests.
    every: every ?? (changes === 'cursor' ? '1m' : '1h'),
    ...(overlap !== undefined && { overlap }),
    ...(reconcile !== undefined && { reconcile }),
  });
}
