/** How a command for the terminal ends: with its exit code, or with what is wrong in words and no trace. */
import { ConfigError } from '../src/config.ts';

/** @param main resolves to the exit code; what it throws is told on standard error, and the code is 1. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    // What is wrong with settings stands on several lines; all else is one.
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${error instanceof ConfigError ? message : message.split('\n')[0]}\n`);
    process.exitCode = 1;
  }
}
