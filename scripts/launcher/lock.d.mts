/** Runs `task` while holding the lock in `folder`. @throws SetUpError after ten minutes of waiting. */
export function withLock<T>(folder: string, say: (text: string) => void, task: () => Promise<T>): Promise<T>;
