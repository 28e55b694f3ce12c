/** @throws SetUpError without a lock file. */
export function areDependenciesInstalled(root: string): boolean;
export function installDependencies(root: string, node: string, say: (text: string) => void): Promise<void>;
