import type { ErrorCode, RateClass } from '@carillon/wire';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';

/** Who may call a route. */
export type Access =
  /** A key of the app that the request names, or of its organization. */
  | 'app'
  /** As `app`; where the app verifies identities, also the user itself, by an identity token. */
  | 'app-or-user'
  /** A key of the organization. */
  | 'organization'
  /** Anyone: device SDKs that know only the app's id, tracked links, health. */
  | 'public';

/**
 * The two error envelopes of the wire, chosen by the route and not by the status:
 * basic `{"errors":["text"]}`, structured `{"errors":[{"code","title","meta"?}]}`.
 */
export type Envelope = 'basic' | 'structured';

/** What the requests of a route are counted as; `anonymous` is not up to the route but to the caller. */
export type Rate = Exclude<RateClass, 'anonymous'> | 'unlimited';

/** What an app's backend has signed about one of its users. */
export interface IdentityToken {
  /** Names of the one user that it opens; at least one. */
  readonly identity: readonly { readonly label: string; readonly value: string }[];
  /** Addresses that this user may be given, as signed. */
  readonly subscriptions: readonly { readonly type: string; readonly token: string }[];
}

/** Who is calling, once the key has been checked. */
export type Principal =
  | {
      readonly kind: 'app-key';
      readonly keyId: string;
      readonly appId: string;
      readonly organizationId: string;
    }
  | { readonly kind: 'organization-key'; readonly keyId: string; readonly organizationId: string }
  /** A user of an app that verifies identities. What it opens is up to the route. */
  | { readonly kind: 'identity-token'; readonly appId: string; readonly token: IdentityToken }
  | { readonly kind: 'anonymous' };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required on every route of a module; a route without it does not start. */
    access?: Access;
    /** The route checks what Authorization has itself, which is no key of ours: its callers are anonymous. */
    ownAuthorization?: boolean;
    /** Structured when absent. */
    envelope?: Envelope;
    /** What a caller without a good key is told. When absent: `access-denied` (basic), `auth-1` (structured). */
    denied?: ErrorCode;
    /** What a caller without any key is told. The same as `denied` when absent. */
    missing?: ErrorCode;
    /** What a caller with a good key that does not open this is told. The same as `denied` when absent. */
    forbidden?: ErrorCode;
    /** What is said when the organization has no such app. `app-not-found` when absent. */
    appUnknown?: ErrorCode;
    /** When absent: `views` for what only reads, `management` for the rest. */
    rate?: Rate;
    /** The envelope of 429 where it is another one than that of the route's other refusals. */
    rateEnvelope?: Envelope;
    /** Pages of which origins may call it from a browser: `any` when absent. */
    pages?: 'any' | 'own';
    /** What is said when the request names no app. When absent: chosen by where app_id belongs. */
    appMissing?: ErrorCode;
  }
  interface FastifyRequest {
    /** Set before the handler runs. */
    principal: Principal;
    /**
     * The app this request is about, checked against the key; the key's own where the request names
     * none; empty on routes of no app. Handlers read it here and never from the body, which may name another one.
     */
    appId: string;
  }
}

/** The server as modules see it: schemas written with TypeBox type their handlers. */
export type Http = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What a module exports as its routes. Each answers at the root and, just the same, under /api/v1. */
export type Routes = (http: Http) => void;

/** Why a caller is turned away. Each route has its own words for it. */
export type Denial =
  /** No key, no such key, or not from this address. */
  | 'denied'
  /** A good key that does not open this. */
  | 'forbidden'
  /** There is no such app. */
  | 'app-unknown'
  /** An identity token that is no good. */
  | { readonly kind: 'token-refused'; readonly fault: TokenFault };

/** Why an identity token opens nothing. */
export interface TokenFault {
  readonly reason:
    | 'missing'
    | 'malformed'
    | 'wrong algorithm'
    | 'unknown key'
    | 'wrong signature'
    | 'wrong issuer'
    | 'expired'
    | 'not yet valid'
    | 'wrong claim';
  /** For the developer: what was found and what to do. */
  readonly detail: string;
}

export interface Credentials {
  /** The raw header, if any. */
  readonly authorization: string | undefined;
  readonly access: Access;
  /** The app that the request names, if any: a UUID in lower case. */
  readonly appId: string | undefined;
  readonly ip: string;
}

/** Finds out who calls. Implemented by the accounts module, called by the HTTP layer. */
export interface Authenticator {
  authenticate(credentials: Credentials): Promise<Principal | Denial>;
}
