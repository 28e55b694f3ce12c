/** Reads grammar files: JSGF without imports and tags, as a tree of expressions. Pure. */

export type Expression =
  | { kind: 'word'; word: string }
  | { kind: 'rule'; name: string }
  | { kind: 'sequence'; parts: Expression[] }
  /** Weights add up to 1. */
  | { kind: 'choice'; options: { expression: Expression; weight: number }[] }
  /** `least` and `most` times; most is 1 or unbounded. */
  | { kind: 'repeat'; of: Expression; least: 0 | 1; isUnbounded: boolean };

export class GrammarMistake extends Error {
  override name = 'GrammarMistake';
}

const TOKEN = /\s*(?:\/\/[^\n]*\s*)*(<[\w-]+>|[^\s<>()[\]|=;*+]+|[()[\]|=;*+]|$)/y;

/** @returns the rules by name. @throws GrammarMistake naming what was expected where. */
export function readRules(text: string): Map<string, Expression> {
  const tokens = tokensOf(text);
  const rules = new Map<string, Expression>();
  while (tokens.at < tokens.all.length) {
    const name = take(tokens, /^<[\w-]+>$/, 'a rule name');
    take(tokens, /^=$/, `= after ${name}`);
    if (rules.has(name)) throw new GrammarMistake(`${name} is defined twice`);
    rules.set(name, readChoice(tokens));
    take(tokens, /^;$/, `; at the end of ${name}`);
  }
  return rules;
}

interface Tokens {
  all: string[];
  at: number;
}

function tokensOf(text: string): Tokens {
  const all: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    if (match[1] === '') break;
    all.push(match[1]!);
  }
  return { all, at: 0 };
}

function take(tokens: Tokens, wanted: RegExp, name: string): string {
  const token = tokens.all[tokens.at++] ?? 'the end';
  if (!wanted.test(token)) throw new GrammarMistake(`expected ${name}, found ${token}`);
  return token;
}

function readChoice(tokens: Tokens): Expression {
  const options = [readOption(tokens)];
  while (tokens.all[tokens.at] === '|') {
    tokens.at++;
    options.push(readOption(tokens));
  }
  if (options.length === 1) return options[0]!.expression;
  const sum = options.reduce((total, { weight }) => total + weight, 0);
  return { kind: 'choice', options: options.map(({ expression, weight }) => ({ expression, weight: weight / sum })) };
}

/** An alternative, which may begin with its weight: `/3/ towels`. */
function readOption(tokens: Tokens): { expression: Expression; weight: number } {
  const weight = /^\/(\d+(?:\.\d+)?)\/$/.exec(tokens.all[tokens.at] ?? '')?.[1];
  if (weight !== undefined) tokens.at++;
  return { expression: readSequence(tokens), weight: Number(weight ?? 1) };
}

function readSequence(tokens: Tokens): Expression {
  const parts: Expression[] = [];
  for (let token = tokens.all[tokens.at]; token && !'|;)]'.includes(token); token = tokens.all[tokens.at])
    parts.push(repeated(tokens, readOne(tokens)));
  if (parts.length === 0) throw new GrammarMistake(`an empty alternative before ${tokens.all[tokens.at] ?? 'the end'}`);
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}

function readOne(tokens: Tokens): Expression {
  const token = take(tokens, /^[^|;)\]=*+]/, 'a word');
  if (token === '(') {
    const inner = readChoice(tokens);
    take(tokens, /^\)$/, ')');
    return inner;
  }
  if (token === '[') {
    const inner = readChoice(tokens);
    take(tokens, /^\]$/, ']');
    return { kind: 'repeat', of: inner, least: 0, isUnbounded: false };
  }
  return token.startsWith('<') ? { kind: 'rule', name: token } : { kind: 'word', word: token };
}

function repeated(tokens: Tokens, of: Expression): Expression {
  const sign = tokens.all[tokens.at];
  if (sign !== '*' && sign !== '+') return of;
  tokens.at++;
  return { kind: 'repeat', of, least: sign === '*' ? 0 : 1, isUnbounded: true };
}
