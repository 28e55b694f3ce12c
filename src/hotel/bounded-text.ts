/** Texts of bounded length, in bytes as the wires count them. Pure. */

/** @returns the text, cut to so many bytes of UTF-8 without breaking a character. */
export function within(maxBytes: number, text: string): string {
  if (text.length * 3 <= maxBytes) return text;
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read);
}
