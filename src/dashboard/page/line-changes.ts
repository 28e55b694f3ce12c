/** What changed between two texts, line by line. Pure. */

export interface ChangedLine {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

/** Beyond this the two are shown one after the other: comparing them would take too long. */
const MAX_LINES = 1_500;

/** @returns the lines of both in order: kept ones once, gone ones before the new ones in their place. */
export function lineChanges(before: string, after: string): ChangedLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  if (a.length > MAX_LINES || b.length > MAX_LINES) return [...a.map(gone), ...b.map(added)];
  const common = commonLengths(a, b);
  const lines: ChangedLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [left = '', right = ''] = [a[i], b[j]];
    if (left === right) {
      lines.push({ kind: 'same', text: left });
      i++;
      j++;
    } else if ((common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0)) {
      lines.push(gone(left));
      i++;
    } else {
      lines.push(added(right));
      j++;
    }
  }
  return [...lines, ...a.slice(i).map(gone), ...b.slice(j).map(added)];
}

const gone = (text: string): ChangedLine => ({ kind: 'gone', text });
const added = (text: string): ChangedLine => ({ kind: 'new', text });

/** Lengths of the longest common runs of what follows each pair of places. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    const [row, below] = [table[i], table[i + 1]];
    if (!row || !below) continue;
    for (let j = b.length - 1; j >= 0; j--)
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return table;
}
