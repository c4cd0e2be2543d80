// It is CommonJS whose names Node does not find: they are members of the default.
import aws4 from 'aws4';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Beside keys that hold for a while only; null for the keys of a user. */
  readonly sessionToken: string | null;
}

/** A request to a service of AWS. */
export interface AwsRequest {
  /** As the service is named in credential scopes: `ses`, `sns`. */
  readonly service: string;
  readonly region: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/**
 * The headers of a request with its signature (AWS Signature Version 4): those given, `Host`, `X-Amz-Date`, and
 * `Authorization` over all of them, the address and the body. A service takes it within five minutes of `now`
 * (milliseconds since the epoch).
 */
export function signAwsRequest(
  { service, region, method, url, headers = {}, body = '' }: AwsRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  now: number,
): Record<string, string> {
  const { host, pathname, search } = new URL(url);
  const signer = new aws4.RequestSigner(
    {
      service,
      region,
      method,
      path: pathname + search,
      body,
      headers: {
        ...headers,
        Host: host,
        'X-Amz-Date': new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, ''),
      },
    },
    { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) },
  );
  const signed = signer.sign().headers ?? {};
  return Object.fromEntries(Object.entries(signed).map(([name, value]) => [name, String(value)]));
}
