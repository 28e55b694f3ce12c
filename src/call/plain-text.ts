/** Text as it can be stored and shown anywhere: models and carriers may send signs that nobody can say. Pure. */

/** Control characters apart from tab and line ends; PostgreSQL takes no zero in a text. */
// oxlint-disable-next-line no-control-regex
const UNSAYABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** @returns the same value with control characters taken out of all its texts, and halves of characters replaced. */
export function plain<T>(value: T): T;
export function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNSAYABLE, '').toWellFormed();
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [plain(name), plain(field as unknown)]));
}
