/** The JSON Schema of `bellhop.yaml`, for editors: kept in `src/bellhop.schema.json`. */
import { z } from 'zod';
import { bellhopFileSchema } from '../../src/bellhop-file.ts';

/** @returns JSON Schema (draft 2020-12) of the file as it is written, not as it is read. Plain data. */
export function bellhopJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(bellhopFileSchema, {
    io: 'input',
    override: ({ jsonSchema, path }) => {
      // A bare 412 is a number to YAML.
      if (path.join('.') === 'properties.hotel.properties.rooms.items')
        Object.assign(jsonSchema, { type: ['string', 'integer'] });
    },
  });
  return { ...schema, title: 'bellhop.yaml' };
}
