/** Checks arguments against a server's JSON Schema. Nothing that the server wrote can take long to run or fetch anything. */
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { weightOf } from './schema-weight.ts';

/** Of JSON. A larger schema is not compiled. */
const MAX_SCHEMA_LENGTH = 32_000;
/** Nodes once references are followed. What could make more work is left to the server to check. */
const MAX_WEIGHT = 20_000;
const MAX_MISTAKES = 5;
const MAX_MISTAKES_LENGTH = 400;

/** Patterns are left to the server: one could be written so that it takes the process's time (T5). */
const anyPattern = Object.assign(() => ({ test: () => true }), { code: 'anyPattern' });

const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  validateFormats: false,
  validateSchema: false,
  addUsedSchema: false,
  ownProperties: true,
  logger: false,
  code: { regExp: anyPattern },
};

/** @returns what does not fit, in words for the model; undefined when all fits. */
export type ArgumentCheck = (input: Record<string, unknown>) => string | undefined;

const known = new WeakMap<Record<string, unknown>, ArgumentCheck | 'unreadable'>();

/**
 * @param dialect the schema's `$schema`, which is no part of what the model is shown.
 * @returns a check for this schema, made once; `unreadable` when it is no schema, too large, or refers to others.
 */
export function argumentCheck(schema: Record<string, unknown>, dialect?: unknown): ArgumentCheck | 'unreadable' {
  const before = known.get(schema);
  if (before) return before;
  const check = compiled(schema, dialect);
  known.set(schema, check);
  return check;
}

function compiled(schema: Record<string, unknown>, dialect: unknown): ArgumentCheck | 'unreadable' {
  const { $id: _id, ...rest } = schema;
  // The newer dialect reads lists of items in another way; without a name it is the newer one that is meant.
  const isOlder = typeof dialect === 'string' && /draft-0[4-7]/.test(dialect);
  const ajv = isOlder ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS);
  ajv.removeKeyword('patternProperties');
  try {
    if (JSON.stringify(rest).length > MAX_SCHEMA_LENGTH) return 'unreadable';
    if (weightOf(rest) > MAX_WEIGHT) return () => undefined;
    const validate = ajv.compile(rest);
    return (input) => (validate(input) ? undefined : mistakesOf(validate));
  } catch {
    // What is wrong with it is for staff, who see the schema; a call can only leave the tool alone.
    return 'unreadable';
  }
}

const mistakesOf = ({ errors }: ValidateFunction): string =>
  (errors ?? [])
    .slice(0, MAX_MISTAKES)
    .map(({ instancePath, message, params }) => {
      const extra = 'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : '';
      const choices =
        'allowedValues' in params ? `: ${(params.allowedValues as unknown[]).map(String).join(', ')}` : '';
      return `${instancePath.slice(1).replaceAll('/', '.')} ${message ?? 'does not fit'}${extra}${choices}`.trim();
    })
    .join('; ')
    .slice(0, MAX_MISTAKES_LENGTH);
