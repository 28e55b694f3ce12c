/** A room as a model may give it: a string or a number, with or without the word "room". */
import { z } from 'zod';

export const roomNumber = z.union([z.string().max(20), z.number().int().nonnegative()]).transform((room) =>
  String(room)
    .replace(/^room\s*/i, '')
    .replace(/[\s-]/g, ''),
);
