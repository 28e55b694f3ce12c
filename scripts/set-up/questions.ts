/** Asks a person at a terminal, or reads the answers line by line from a pipe. Secrets are not echoed. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export interface Questions {
  /** @returns the answer without blanks around it; empty when there are no more. */
  ask(question: string, isSecret?: boolean): Promise<string>;
  close(): void;
}

export function openQuestions(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Questions {
  let isSilent = false;
  const echo = new Writable({
    write(piece: Buffer, _encoding, done) {
      if (!isSilent) output.write(piece);
      done();
    },
  });
  const reader = createInterface({ input, output: echo, terminal: input.isTTY });
  const lines = reader[Symbol.asyncIterator]();
  // Ctrl-C while asked: nothing was written, nothing is kept.
  reader.on('SIGINT', () => process.exit(130));
  return {
    async ask(question, isSecret = false) {
      output.write(question);
      isSilent = isSecret;
      const { value, done } = await lines.next();
      isSilent = false;
      if (isSecret || !input.isTTY) output.write('\n');
      return done ? '' : value.trim();
    },
    close: () => reader.close(),
  };
}
