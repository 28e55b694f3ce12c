/** How long a sender may take over a request: whoever never ends one must not hold its connection for ever. Pure. */

interface HttpLimits {
  requestTimeout: number;
  http: { headersTimeout: number; connectionsCheckingInterval: number };
}

/**
 * Settings of the HTTP server; answers and sockets that were upgraded may take as long as they like.
 * @param withinMs until the headers are there, counted from the connection; the body may take as long again.
 */
export const limitsFor = (withinMs = 15_000): HttpLimits => ({
  requestTimeout: withinMs * 2,
  http: { headersTimeout: withinMs, connectionsCheckingInterval: withinMs / 3 },
});
