export class SetUpError extends Error {}
/** @throws SetUpError when npm is missing or fails. */
export function runNpm(node: string, npmArguments: string[], what: string, folder: string): Promise<void>;
