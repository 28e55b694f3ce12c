/** What went wrong in a call, in words for whoever runs Bellhop. */

/** One thing that went wrong, in a sentence; `atMs` since the call was answered. */
export interface Finding {
  atMs: number;
  text: string;
}
