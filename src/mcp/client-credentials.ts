/**
 * One access token by OAuth client credentials: where it is fetched follows from the definition, or from the server's own
 * metadata (RFC 9728, RFC 8414); it is asked for this server alone (RFC 8707).
 */
import { discoverOAuthServerInfo, fetchToken } from '@modelcontextprotocol/sdk/client/auth.js';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { OAuthError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import type { AuthorizationServerMetadata, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { checkResourceAllowed, resourceUrlFromServerUrl } from '@modelcontextprotocol/sdk/shared/auth-utils.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { ServerDefinition } from '../hotel/tool-servers/definition.ts';
import { AnswerTooLargeError } from './bounded-answer.ts';
import { OutsideAddressError } from './outside-address.ts';

export type OAuthDefinition = NonNullable<ServerDefinition['oauth']>;

/** No token was to be had. The message is one line for staff, without anything of the answer but its error code. */
export class BearerError extends Error {
  override readonly name = 'BearerError';
}

/** Where tokens of a server come from. */
export interface TokenSource {
  issuer: string;
  metadata: AuthorizationServerMetadata;
  resource: string;
}

/** What a header takes. */
const TOKEN = /^[\u0021-\u007e]{1,8192}$/;

/** @returns where tokens come from. @throws BearerError when the metadata names nothing that may be believed. */
export async function tokenSourceOf(
  oauth: OAuthDefinition,
  serverUrl: string,
  fetchFn: FetchLike,
): Promise<TokenSource> {
  const ownResource = resourceUrlFromServerUrl(serverUrl).href;
  if (oauth.token_url !== undefined) return { ...namedSource(oauth.token_url), resource: ownResource };
  const found = await discoverOAuthServerInfo(serverUrl, { fetchFn });
  const { authorizationServerUrl: issuer, authorizationServerMetadata: metadata, resourceMetadata } = found;
  if (!metadata) throw new BearerError('the server names no authorization server: enter its token_url');
  // Whoever answers for another issuer could collect the secrets of its clients (RFC 8414, section 3.3).
  if (withoutSlash(metadata.issuer) !== withoutSlash(issuer))
    throw new BearerError('the authorization server calls itself by another name than the server did');
  const configuredResource = resourceMetadata?.resource;
  if (configuredResource !== undefined && !checkResourceAllowed({ requestedResource: ownResource, configuredResource }))
    throw new BearerError('the server’s metadata speaks for another server');
  return { issuer, metadata, resource: configuredResource ?? ownResource };
}

/** @throws BearerError, whatever went wrong. */
export async function tokenFrom(source: TokenSource, oauth: OAuthDefinition, fetchFn: FetchLike): Promise<OAuthTokens> {
  const { issuer, metadata, resource } = source;
  const provider = new ClientCredentialsProvider({
    clientId: oauth.client_id,
    clientSecret: oauth.client_secret,
    scope: oauth.scope,
    expectedIssuer: issuer,
  });
  const tokens = await fetchToken(provider, issuer, { metadata, resource, fetchFn });
  if (tokens.token_type.toLowerCase() !== 'bearer') throw new BearerError('the token is of another type than bearer');
  if (!TOKEN.test(tokens.access_token)) throw new BearerError('the token cannot be sent in a header');
  return tokens;
}

/** @returns what to tell of a failure. What servers say in their own words could repeat the secret, so it is left out. */
export function bearerErrorOf(error: unknown): BearerError {
  if (error instanceof BearerError) return error;
  if (error instanceof OutsideAddressError || error instanceof AnswerTooLargeError) return failed(error.message);
  if (error instanceof OAuthError) return failed(error.errorCode);
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  if (typeof cause?.code === 'string') return failed(cause.code);
  return failed(error instanceof Error && error.name === 'AbortError' ? 'it took too long' : 'its answer is no token');
}

const failed = (why: string): BearerError => new BearerError(`no token from the authorization server: ${why}`);

function namedSource(tokenUrl: string): Omit<TokenSource, 'resource'> {
  const issuer = new URL(tokenUrl).origin;
  // What the definition does not say is not asked for by this grant.
  const metadata = {
    issuer,
    token_endpoint: tokenUrl,
    authorization_endpoint: tokenUrl,
    response_types_supported: [],
  };
  return { issuer, metadata };
}

const withoutSlash = (url: string): string => url.replace(/\/$/, '');
