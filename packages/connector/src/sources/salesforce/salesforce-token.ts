import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { SalesforceAccess } from '../../config/crms.ts';
import { askToken } from '../http/ask-token.ts';
import type { Token } from '../http/bearer.ts';
import { privateKeyOf, signedJwt } from '../http/jwt.ts';

/** A token may live for less than its answer promises: what is not taken is asked for anew. */
const ASSERTION_SECONDS = 180;

/** Client credentials, or a JWT that the app's certificate vouches for. */
export function salesforceToken(access: SalesforceAccess, signal: AbortSignal): () => Promise<Token> {
  const { clientId, clientSecret, username, privateKey } = access;
  const url = `${access.url.replace(/\/$/, '')}/services/oauth2/token`;
  if (clientSecret !== undefined) {
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    return () => askToken('Salesforce', url, form, signal);
  }
  if (username === undefined || privateKey === undefined) {
    throw new ConfigInvalid('source.clientSecret', 'is missing, or username and privateKey');
  }
  const key = privateKeyOf('source.privateKey', privateKey);
  return () => {
    const exp = Math.floor(Date.now() / 1000) + ASSERTION_SECONDS;
    const aud = access.audience ?? 'https://login.salesforce.com';
    const assertion = signedJwt(key, { iss: clientId, sub: username, aud, exp });
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
    return askToken('Salesforce', url, form, signal);
  };
}
