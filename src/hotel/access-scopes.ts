/** What a token that staff gave to an assistant of the hotel is good for. Pure. */

export const SCOPES = ['requests:read', 'requests:write', 'information:read'] as const;
export type AccessScope = (typeof SCOPES)[number];

/** Whoever holds a token, as storage knows them. */
export interface Access {
  id: string;
  /** As staff called it, such as "Night assistant". */
  name: string;
  /** Those that are none of ours allow nothing. */
  scopes: readonly string[];
  expiresAt: Date;
}

/** A token as staff see it: without itself. */
export interface IssuedToken extends Access {
  scopes: string[];
  createdBy: string;
  createdAt: Date;
  /** To the minute. */
  lastUsedAt: Date | null;
}

const NEEDED = new Map<string, AccessScope>([
  ['create_service_request', 'requests:write'],
  ['update_service_request_priority', 'requests:write'],
  ['get_service_requests', 'requests:read'],
  ['get_hotel_information', 'information:read'],
]);

/** @returns the scope that a tool for assistants needs; undefined: there is no such tool. */
export const scopeOf = (tool: string): AccessScope | undefined => NEEDED.get(tool);

/** @returns the scope that a token lacks for a tool; undefined: none, or there is no such tool. */
export function missingScope({ scopes }: Pick<Access, 'scopes'>, tool: string): AccessScope | undefined {
  const needed = scopeOf(tool);
  return needed === undefined || scopes.includes(needed) ? undefined : needed;
}
