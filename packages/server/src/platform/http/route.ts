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
  /** A key of the organization. */
  | 'organization'
  /** Anyone: device SDKs that know only the app's id, tracked links, health. */
  | 'public';

/**
 * The two error envelopes of the wire, chosen by the route and not by the status:
 * basic `{"errors":["text"]}`, structured `{"errors":[{"code","title","meta"?}]}`.
 */
export type Envelope = 'basic' | 'structured';

/** Who is calling, once the key has been checked. */
export type Principal =
  | {
      readonly kind: 'app-key';
      readonly keyId: string;
      readonly appId: string;
      readonly organizationId: string;
    }
  | { readonly kind: 'organization-key'; readonly keyId: string; readonly organizationId: string }
  | { readonly kind: 'anonymous' };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required on every route of a module; a route without it does not start. */
    access?: Access;
    /** Structured when absent. */
    envelope?: Envelope;
  }
  interface FastifyRequest {
    /** Set before the handler runs. */
    principal: Principal;
    /** The app this request is about: checked against the key. Empty on routes of no app. */
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

/** What a module exports as its routes. Each is mounted at the root and again under /api/v1. */
export type Routes = (http: Http) => void;

/** Finds out who calls. Implemented by the accounts module, called by the HTTP layer. */
export interface Authenticator {
  /**
   * `authorization` is the raw header, if any; `appId` is the app that the request names, if any.
   * Returns the caller, or throws an ApiError of the catalogue.
   */
  authenticate(request: {
    readonly authorization: string | undefined;
    readonly access: Access;
    readonly appId: string | undefined;
    readonly ip: string;
  }): Promise<Principal>;
}
