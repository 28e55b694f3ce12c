/** Twilio's REST client at a settable base URL. */
import twilio from 'twilio';

export interface CarrierAccount {
  accountSid: string;
  authToken: string;
  /** Replaces `https://api.twilio.com`. */
  baseUrl: string | undefined;
  timeoutMs: number;
}

export function restClient({ accountSid, authToken, baseUrl, timeoutMs }: CarrierAccount): ReturnType<typeof twilio> {
  const httpClient = new twilio.RequestClient({ timeout: timeoutMs });
  if (baseUrl) {
    const request = httpClient.request.bind(httpClient);
    httpClient.request = (options) =>
      request({
        ...options,
        uri: options.uri.replace(/^https:\/\/api(\.[\w-]+)*\.twilio\.com/, baseUrl.replace(/\/+$/, '')),
      });
  }
  return twilio(accountSid, authToken, { httpClient });
}
