import { Pool } from 'undici';

/** The API of a running platform, over kept connections. */
export interface CallPlatform {
  <Answer>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object): Promise<Answer>;
  close(): Promise<void>;
}

export function callPlatform(platform: { readonly url: string; readonly appKey: string }): CallPlatform {
  const pool = new Pool(platform.url, { connections: 64 });
  const headers = { authorization: `Key ${platform.appKey}`, 'content-type': 'application/json' };
  const call = async <Answer>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH',
    path: string,
    body?: object,
  ): Promise<Answer> => {
    const answer = await pool.request({ method, path, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text) as Answer;
  };
  return Object.assign(call, { close: () => pool.close() });
}
