/** How much work a JSON Schema can make: one that refers to itself, or to what refers on and on, can make any amount. Pure. */

/**
 * @returns how many nodes it has once all that it refers to stands in its place; Infinity when that has no end.
 * @throws RangeError when it refers to something that is not in it.
 */
export function weightOf(schema: Record<string, unknown>): number {
  /** By reference; Infinity while it is being weighed, since who meets it then goes in a circle. */
  const weights = new Map<string, number>();

  const referred = (reference: string): number => {
    const known = weights.get(reference);
    if (known !== undefined) return known;
    weights.set(reference, Infinity);
    const weight = weigh(pointedAt(schema, reference));
    weights.set(reference, weight);
    return weight;
  };
  const weigh = (node: unknown): number => {
    if (typeof node !== 'object' || node === null) return 1;
    let weight = 1;
    for (const [key, inner] of Object.entries(node)) {
      const isReference = key === '$ref' || key === '$dynamicRef' || key === '$recursiveRef';
      // A field of that name has a schema, not an address.
      weight += isReference && typeof inner === 'string' ? referred(inner) : weigh(inner);
    }
    return weight;
  };
  return weigh(schema);
}

/** @param reference a JSON pointer of this document, such as `#/$defs/place`; others are not followed. @throws RangeError */
function pointedAt(schema: Record<string, unknown>, reference: string): unknown {
  if (reference !== '#' && !reference.startsWith('#/')) throw new RangeError('not a place in this schema');
  let node: unknown = schema;
  for (const step of reference.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) throw new RangeError('no such place');
    node = (node as Record<string, unknown>)[key];
  }
  return node;
}
