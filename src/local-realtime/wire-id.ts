/** Ids as the wire writes them: a prefix and random letters. */
import { randomBytes } from 'node:crypto';

export type IdPrefix = 'event' | 'item' | 'resp' | 'call' | 'sess' | 'conv' | 'mcpl' | 'mcp' | 'mcpr';

/** @returns at most 32 characters, unique. */
export const newWireId = (prefix: IdPrefix): string => `${prefix}_${randomBytes(12).toString('hex')}`;
