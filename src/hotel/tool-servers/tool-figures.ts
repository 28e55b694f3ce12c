/** How a tool does: what the record says of its calls, for staff. Plain data. */

export interface ToolFigure {
  /** `hotel`: the hotel's own tools. */
  server: string;
  tool: string;
  calls: number;
  /** Those that failed; a refusal of ours is none. */
  failures: number;
  /** Null before the first call. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** Of the calls, by the model's side itself: 0 to 1. */
  nativeShare: number;
  lastError: { at: Date; message: string } | null;
}
