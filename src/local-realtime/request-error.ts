/** What is wrong with a client's event, as an `error` event tells it. The connection stays open. */
import type { z } from 'zod';

/** Thrown while an event is handled; the connection answers with an `error` event that echoes the event's id. */
export class RequestError extends Error {
  override name = 'RequestError';
  readonly type: 'invalid_request_error' | 'server_error';
  readonly code: string;
  readonly param: string | null;
  constructor(
    code: string,
    message: string,
    param: string | null = null,
    type: RequestError['type'] = 'invalid_request_error',
  ) {
    super(message);
    this.type = type;
    this.code = code;
    this.param = param;
  }
}

type Issue = z.core.$ZodIssue;

/** @param prefix put before the path of the field, for values that were taken out of their event. */
export function requestErrorOf(error: z.ZodError, value: unknown, prefix: string[] = []): RequestError {
  const first = error.issues[0];
  if (!first) return new RequestError('invalid_value', 'Invalid value.');
  return fromIssue(first, value, prefix);
}

function fromIssue(issue: Issue, root: unknown, prefix: PropertyKey[]): RequestError {
  const path = [...prefix, ...issue.path];
  const param = nameOf(path);
  const received = valueAt(root, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const unknown = nameOf([...path, issue.keys[0] ?? '']);
      return new RequestError('unknown_parameter', `Unknown parameter: '${unknown}'.`, unknown);
    }
    case 'invalid_union':
      return fromUnion(issue, root, prefix, received);
    case 'invalid_type':
      return wrongType(param, received, issue.expected);
    case 'invalid_value':
      if (received === undefined) return missing(param);
      return invalid(param, received, issue.values.map((value) => `'${String(value)}'`).join(', '));
    case 'too_small':
    case 'too_big':
      return outOfRange(issue, param, received);
    default:
      return new RequestError('invalid_value', `Invalid '${param}': ${issue.message}.`, param);
  }
}

function fromUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  root: unknown,
  prefix: PropertyKey[],
  received: unknown,
) {
  const path = [...prefix, ...issue.path];
  if (received === undefined) return missing(nameOf(path));
  if (issue.errors.length === 0)
    return invalid(
      nameOf(path),
      received,
      ('options' in issue ? (issue.options ?? []) : []).map((value) => `'${String(value)}'`).join(', '),
    );
  // The branch that got furthest tells best what was meant: one that does not fail at its very root.
  const branch = issue.errors.find((issues) =>
    issues.some((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  );
  const inner = branch?.[0];
  if (inner) return fromIssue({ ...inner, path: [...issue.path, ...inner.path] }, root, prefix);
  const roots = issue.errors.flat();
  const values = roots.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []));
  if (typeof received === 'string' && values.length > 0)
    return invalid(nameOf(path), received, values.map((value) => `'${String(value)}'`).join(', '));
  const expected = roots.map((inner) =>
    inner.code === 'invalid_type' ? inner.expected : inner.code === 'invalid_value' ? 'string' : '',
  );
  return wrongType(nameOf(path), received, [...new Set(expected.filter(Boolean))].join(' or ') || 'object');
}

function wrongType(param: string, received: unknown, expected: string): RequestError {
  if (received === undefined) return missing(param);
  const message = `Invalid type for '${param}': expected ${article(expected)}, but got ${article(kindOf(received))} instead.`;
  return new RequestError('invalid_type', message, param);
}

const missing = (param: string) =>
  new RequestError('missing_required_parameter', `Missing required parameter: '${param}'.`, param);

const invalid = (param: string, received: unknown, supported: string) =>
  new RequestError('invalid_value', `Invalid value: '${shown(received)}'. Supported values are: ${supported}.`, param);

function outOfRange(
  issue: Extract<Issue, { code: 'too_small' | 'too_big' }>,
  param: string,
  received: unknown,
): RequestError {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const side = issue.code === 'too_small' ? 'below minimum' : 'above maximum';
  if (issue.origin === 'string')
    return new RequestError(
      issue.code === 'too_big' ? 'string_above_max_length' : 'string_below_min_length',
      `Invalid '${param}': string ${issue.code === 'too_big' ? 'too long' : 'too short'}, expected length ${String(limit)}.`,
      param,
    );
  return new RequestError(
    'invalid_value',
    `Invalid '${param}': ${side} value of ${String(limit)}; got ${shown(received)}.`,
    param,
  );
}

/** `session.tools[0].name` */
function nameOf(path: PropertyKey[]): string {
  return path.reduce<string>(
    (name, step) => (typeof step === 'number' ? `${name}[${step}]` : name ? `${name}.${String(step)}` : String(step)),
    '',
  );
}

function valueAt(root: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | undefined | null)?.[step],
    root,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'decimal';
  return typeof value;
}

function article(kind: string): string {
  const name = kind === 'int' ? 'integer' : kind === 'record' ? 'object' : kind;
  if (name === 'null') return 'null';
  return `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** A value in an error message: short, and never a whole payload. */
const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
