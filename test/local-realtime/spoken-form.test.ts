import { describe, expect, it } from 'vitest';
import { spokenForm } from '../../src/local-realtime/spoken-form.ts';

describe('what the voice is given', () => {
  it.each([
    ['Room 412 and request 1038.', 'Room four one two and request one oh three eight.'],
    ['The code is 0815.', 'The code is zero eight one five.'],
    ['Two towels for 2 people in 24 hours.', 'Two towels for 2 people in 24 hours.'],
    ['Breakfast is from 7:00 to 10:30.', "Breakfast is from 7 o'clock to 10 30."],
    ['At 07:05.', 'At 7 oh 5.'],
    ['It costs €25 or $120.', 'It costs 25 euros or 120 dollars.'],
    ['A coffee is €3.50, a tea $ 4.00.', 'A coffee is 3 euros 50, a tea 4 dollars.'],
    ['Wi-Fi, wifi and WiFi', 'why fye, why fye and why fye'],
    ['An AI for the TV, not air.', 'An A. I. for the T. V., not air.'],
    ['**Pool** hours are “long” #1', 'Pool hours are long 1'],
  ])('"%s" becomes "%s"', (text, spoken) => {
    expect(spokenForm(text)).toBe(spoken);
  });

  it('is the same when it is rewritten again', () => {
    const once = spokenForm('Room 412 at 7:05 for €120 with WiFi.');
    expect(spokenForm(once)).toBe(once);
  });
});
