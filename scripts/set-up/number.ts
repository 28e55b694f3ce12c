/** The hotel's number at the carrier: what happens when it is called, changed and put back. */
import type { HotelProfile } from '../../src/hotel/hotel.ts';
import { restClient, type CarrierAccount } from '../../src/telephony/rest-client.ts';
import * as twiml from '../../src/telephony/twiml.ts';

/** What the carrier does with a call to the number; empty for nothing. */
export interface NumberSettings {
  voiceUrl: string;
  voiceMethod: string;
  voiceFallbackUrl: string;
  voiceFallbackMethod: string;
  statusCallback: string;
  statusCallbackMethod: string;
  /** An application or a trunk would win over the URLs. */
  voiceApplicationSid: string;
  trunkSid: string;
}

export interface CarrierNumber {
  sid: string;
  /** E.164. */
  number: string;
  settings: NumberSettings;
}

type Client = ReturnType<typeof restClient>;

const MAX_NUMBERS = 100;
/** Returns whatever document its address holds. Hosted by the carrier, so it stands when we do not. */
const ECHO = 'https://twimlets.com/echo';

export const openAccount = (account: Omit<CarrierAccount, 'timeoutMs'>): Client =>
  restClient({ ...account, timeoutMs: 10_000 });

/** @returns the account's numbers that can be called. @throws what the carrier's client throws. */
export async function listNumbers(client: Client): Promise<CarrierNumber[]> {
  const found = await client.incomingPhoneNumbers.list({ limit: MAX_NUMBERS });
  return found
    .filter(({ capabilities }) => capabilities?.voice ?? true)
    .map((row) => ({
      sid: row.sid,
      number: row.phoneNumber,
      settings: {
        voiceUrl: row.voiceUrl ?? '',
        voiceMethod: row.voiceMethod ?? 'POST',
        voiceFallbackUrl: row.voiceFallbackUrl ?? '',
        voiceFallbackMethod: row.voiceFallbackMethod ?? 'POST',
        statusCallback: row.statusCallback ?? '',
        statusCallbackMethod: row.statusCallbackMethod ?? 'POST',
        voiceApplicationSid: row.voiceApplicationSid ?? '',
        trunkSid: row.trunkSid ?? '',
      },
    }));
}

export async function changeNumber(client: Client, sid: string, settings: NumberSettings): Promise<void> {
  await client.incomingPhoneNumbers(sid).update(settings);
}

/** @param publicUrl without a trailing slash. @returns settings under which calls reach us, and the desk when we fail. */
export function ourSettings(publicUrl: string, hotel: HotelProfile): NumberSettings {
  return {
    voiceUrl: `${publicUrl}/twilio/voice`,
    voiceMethod: 'POST',
    voiceFallbackUrl: deskWithoutUs(hotel),
    voiceFallbackMethod: 'GET',
    statusCallback: `${publicUrl}/twilio/status`,
    statusCallbackMethod: 'POST',
    voiceApplicationSid: '',
    trunkSid: '',
  };
}

/** @returns an address of the carrier's own that rings the front desk. */
function deskWithoutUs({ departments, front_desk }: HotelProfile): string {
  const number = departments[front_desk]?.number ?? '';
  return `${ECHO}?${new URLSearchParams({ Twiml: twiml.ring(number) }).toString()}`;
}
