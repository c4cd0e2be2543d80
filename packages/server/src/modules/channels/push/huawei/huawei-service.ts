import type { Clock } from '../../../../platform/clock.ts';
import type { Outbound } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { HttpsService } from '../https-service.ts';
import { ProvenAccount } from '../proven-account.ts';
import type { HuaweiSettings } from './huawei-account.ts';
import { readHuaweiAnswer } from './read-huawei-answer.ts';

const ORIGIN = 'https://push-api.cloud.huawei.com';
const TOKEN_ORIGIN = 'https://oauth-login.cloud.huawei.com';

/** In one request. */
const MOST_TOKENS = 1_000;

/** Huawei Push Kit as one account uses it. */
export class HuaweiService {
  readonly #service: HttpsService;
  readonly #proven = new ProvenAccount();
  readonly #url: string;

  constructor(clock: Clock, outbound: Outbound, { address, appId, clientSecret, projectId }: HuaweiSettings) {
    const isOwn = address.kind === 'provider';
    const path = projectId === null ? `/v1/${appId}` : `/v2/${projectId}`;
    this.#url = `${isOwn ? ORIGIN : address.origin}${path}/messages:send`;
    this.#service = new HttpsService(clock, outbound, {
      provider: 'Huawei',
      url: `${isOwn ? TOKEN_ORIGIN : address.origin}/oauth2/v3/token`,
      clientId: appId,
      clientSecret,
      hint: 'do app_id and client_secret belong together?',
    });
  }

  get isIdle(): boolean {
    return this.#service.isIdle;
  }

  get mostAtOnce(): number {
    return this.#service.mostAtOnce;
  }

  /**
   * Hands one message, in JSON and without its tokens, over for as many as there are: an outcome for each token, in
   * their order. Never rejects.
   */
  async send(message: string, tokens: readonly string[]): Promise<Outcome[]> {
    const requests: Promise<Outcome[]>[] = [];
    for (let from = 0; from < tokens.length; from += MOST_TOKENS) {
      const some = tokens.slice(from, from + MOST_TOKENS);
      requests.push(this.#service.turns.run(() => this.#post(message, some)));
    }
    return (await Promise.all(requests)).flat();
  }

  close(): Promise<void> {
    return this.#service.close();
  }

  async #post(message: string, token: readonly string[]): Promise<Outcome[]> {
    const body = JSON.stringify({ message: { ...(JSON.parse(message) as object), token } });
    const verdict = await this.#service.post({ url: this.#url, headers: {}, body }, readHuaweiAnswer);
    switch (verdict.about) {
      case 'nothing':
        this.#proven.prove();
        return token.map(() => verdict.outcome);
      case 'tokens':
        if (token.some((each) => !verdict.refused.has(each))) this.#proven.prove();
        return token.map((each) =>
          verdict.refused.has(each) ? this.#proven.refusalOfToken(verdict.reason) : verdict.outcome,
        );
      case 'all-tokens':
        return token.map(() => this.#proven.refusalOfToken(verdict.reason));
      case 'message':
      case 'settings':
      case 'access':
      case 'later':
        return token.map(() => verdict.outcome);
    }
  }
}
