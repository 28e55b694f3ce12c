/** Posts a webhook as the carrier does: a form, signed over the public URL; and signs the stream's handshake. */
import twilio from 'twilio';

const ANSWER_WITHIN_MS = 15_000;

export interface WebhookSender {
  /** Where webhooks really go, without path: `http://127.0.0.1:3000`. */
  origin: string;
  /** What the installation believes its own address is: what signatures are computed over. */
  publicUrl: string;
  authToken: string;
}

/** The webhook was not answered as a carrier needs it. */
export class WebhookError extends Error {
  override name = 'WebhookError';
  /** Undefined when there was no answer at all. */
  readonly status: number | undefined;
  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** @param url as the installation names it. @returns the answer's text. @throws WebhookError */
export async function postSigned(sender: WebhookSender, url: string, form: Record<string, string>): Promise<string> {
  const reached = reachable(sender, url);
  let response: Response;
  let text: string;
  try {
    response = await fetch(reached, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': twilio.getExpectedTwilioSignature(sender.authToken, url, form),
      },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    text = await response.text();
  } catch (cause) {
    throw new WebhookError(`${reached} does not answer`, undefined, { cause });
  }
  if (!response.ok)
    throw new WebhookError(`${reached} answered ${response.status}: ${text.slice(0, 200)}`, response.status);
  return text;
}

/** @returns headers of the stream's handshake: signed over its URL as the TwiML names it, without parameters. */
export function signedHandshake(sender: WebhookSender, streamUrl: string): Record<string, string> {
  return { 'x-twilio-signature': twilio.getExpectedTwilioSignature(sender.authToken, streamUrl, {}) };
}

/** @returns where a URL of the installation is reached from here. */
export function reachable({ origin, publicUrl }: WebhookSender, url: string): string {
  for (const scheme of ['http', 'ws']) {
    const prefix = publicUrl.replace(/^http/, scheme);
    if (url.startsWith(prefix)) return origin.replace(/^http/, scheme) + url.slice(prefix.length);
  }
  return url;
}
