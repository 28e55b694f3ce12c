/** Something was asked for that there is not. The message is one line for the terminal. */
export class UsageError extends Error {
  override name = 'UsageError';
}
