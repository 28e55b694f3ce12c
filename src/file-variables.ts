/** `${NAME}` and `${NAME:-default}` in a value of a file, taken from the environment; `$${` is a literal `${`. Pure. */

/** An escape, a variable, or a beginning that is neither. */
const REFERENCE = /\$\$\{|\$\{(?:([A-Za-z_]\w*)(?::-([^}]*))?\})?/g;

/**
 * @param value plain data; strings anywhere in it are expanded, keys are not.
 * @param environment an empty value counts as not set.
 * @param wrong told the path of each string that could not be expanded, and what was expected; never a value.
 * @returns a copy with all strings expanded; what was wrong stands in it as it was.
 */
export function expandVariables(
  value: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  wrong: (path: PropertyKey[], expected: string) => void,
): unknown {
  const expand = (node: unknown, path: PropertyKey[]): unknown => {
    if (typeof node === 'string') return expandText(node, environment, (expected) => wrong(path, expected));
    if (Array.isArray(node)) return node.map((part, at) => expand(part, [...path, at]));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, expand(part, [...path, key])]));
  };
  return expand(value, []);
}

function expandText(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  wrong: (expected: string) => void,
): string {
  return text.replace(REFERENCE, (all: string, name: string | undefined, fallback: string | undefined) => {
    if (all === '$${') return '${';
    if (name === undefined) {
      wrong('expected ${NAME} or ${NAME:-default}; $${ stands for ${ itself');
      return all;
    }
    const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (found !== undefined && found !== '') return found;
    if (fallback !== undefined) return fallback;
    wrong(`expected the environment variable ${name} to be set`);
    return all;
  });
}
