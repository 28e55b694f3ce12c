/** Words of the grammar that are open lists, and how words are said that the recogniser's dictionary lacks. */

/** Last names the ears know; a guest with another one is asked to be put through. */
export const SURNAMES: readonly string[] =
  `brown wilson cooper foster parker baker turner hill carter young miller taylor green king morgan scott smith jones williams johnson davis
  evans thomas roberts walker wright robinson thompson white hughes edwards harris lewis clark jackson wood allen moore martin bell ward watson
  murphy kelly sullivan ryan anderson nelson mitchell campbell phillips stewart bennett russell gray james garcia lopez martinez rodriguez
  schmidt fischer weber meyer wagner becker hoffman chen wang lee kim patel singh khan`.split(/\s+/);

/** Pronunciations in the recogniser's phones (ARPABET without stress). */
export const PRONUNCIATIONS: readonly (readonly [word: string, phones: string])[] = [
  ['wifi', 'W AY F AY'],
  ['wi-fi', 'W AY F AY'],
  ['minibar', 'M IH N IY B AA R'],
  ['omelette', 'AA M L AH T'],
  ['cappuccino', 'K AA P AH CH IY N OW'],
  ['corkscrew', 'K AO R K S K R UW'],
  ['bathrobes', 'B AE TH R OW B Z'],
  ['bathtub', 'B AE TH T AH B'],
  ['toothbrushes', 'T UW TH B R AH SH IH Z'],
  ['cheeseburger', 'CH IY Z B ER G ER'],
  ['cheeseburgers', 'CH IY Z B ER G ER Z'],
  ['croissant', 'K W AA S AA N'],
  ['fridge', 'F R IH JH'],
  ['charger', 'CH AA R JH ER'],
  ['adapter', 'AH D AE P T ER'],
  ['conditioner', 'K AH N D IH SH AH N ER'],
  ['concierge', 'K AA N S IY EH R ZH'],
];
