/** How long a call waits for what, in milliseconds, each with its reason. */
export const LIMITS = {
  /** From the webhook to the media stream: the token lives 60 s, a stream that is not there after that never comes. */
  streamWithinMs: 60_000,
  /** From the webhook until the agent's connection is given up again; carriers open the stream within a second. */
  agentWaitsForCallerMs: 3_000,
  /** From the media stream to a ready agent: a handshake of 3 s, most of another, and a person by 10 s, words included. */
  agentWithinMs: 5_500,
  /** From dialling an agent again to a ready one; the next try follows. */
  redialWithinMs: 1_800,
  /** After stored words, before the line is given away: what the network still holds. */
  lastWordsMarginMs: 200,
  /** A tool that ran when its agent went away settles within its own deadline. */
  toolsSettleWithinMs: 3_500,
  /** From asking for the greeting to its end. */
  greetingWithinMs: 15_000,
  announcementWithinMs: 10_000,
  /** After the audio that is still to be played. */
  goodbyeWithinMs: 5_000,
  /** Providers end a connection after 60 minutes: another one takes over in a pause after this. */
  swapAfterMs: 50 * 60_000,
  swapAgainAfterMs: 60_000,
  /** Staff changed the tools, and the conversation has no pause. */
  toolsChangeWithinMs: 30_000,
  /** A dial rings 25 s, and a colleague listens for a while: the agent waits that long for the caller to come back. */
  agentWaitsForTransferMs: 60_000,
  /** A call that is with a person when its time is over: looked at again, should the guest come back. */
  tooLongAgainMs: 60_000,
  /** The carrier ends a dialled call after 4 hours. */
  handedOverForMs: 4 * 3_600_000,
} as const;
