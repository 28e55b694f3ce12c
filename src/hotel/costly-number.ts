/** Tells numbers that earn money for whoever talked us into dialling them (T1). Pure. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Networks of no country: satellites, international networks and premium services (ITU-T E.164 assigned codes). */
const NO_COUNTRY = /^\+(870|878|881|882|883|888|979)/;

/** @param number E.164, or a SIP address, which costs nothing. */
export function isCostly(number: string): boolean {
  if (!number.startsWith('+')) return false;
  return NO_COUNTRY.test(number) || parsePhoneNumberFromString(number)?.getType() === 'PREMIUM_RATE';
}
