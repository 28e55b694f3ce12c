/**
 * Things that can be brought, and things that can fail, in the words guests use: tables only. Each phrase is a regular expression over
 * uniform words (`concierge-words.ts`).
 */
/** A thing that can be brought, or a dish. `one` with its article; `phrases` are further names. */
export interface Item {
  kind: 'amenity' | 'dish';
  /** "an iron", "soap" (things without article cannot be counted). */
  one: string;
  many: string;
  phrases: string;
}

/** A thing in the room that can fail. */
export interface Fixture {
  kind: 'fixture';
  name: string;
  phrases: string;
}

const item =
  (kind: Item['kind']) =>
  (one: string, phrases?: string, many?: string): Item => {
    const bare = one.replace(/^(an?|one) /, '');
    return { kind, one, many: many ?? plural(bare), phrases: phrases ?? `${bare}|${plural(bare)}` };
  };
const amenity = item('amenity');
const dish = item('dish');

function plural(noun: string): string {
  const [head = '', ...rest] = noun.split(' of ');
  const many = /(s|sh|ch|x)$/.test(head) ? `${head}es` : `${head}s`;
  return [many, ...rest].join(' of ');
}

export const AMENITIES: readonly Item[] = [
  amenity('a towel', '(?:bath |hand |face |pool )?towels?'),
  amenity('a pillow', '(?:feather |soft )?pillows?'),
  amenity('a blanket', 'blankets?|duvets?|comforters?'),
  amenity('a bathrobe', '(?:bath ?)?robes?'),
  amenity('a pair of slippers', '(?:pairs? of )?slippers', 'pairs of slippers'),
  amenity('a roll of toilet paper', '(?:rolls? of )?toilet (?:paper|rolls?|tissue)', 'rolls of toilet paper'),
  amenity('a box of tissues', '(?:box(?:es)? of )?tissues', 'boxes of tissues'),
  amenity('soap', '(?:bars? of )?soaps?', 'bars of soap'),
  amenity('shampoo', '(?:bottles? of )?shampoos?', 'bottles of shampoo'),
  amenity('body lotion', 'body lotion|lotion', 'bottles of body lotion'),
  amenity('shower gel', 'shower gels?|body wash', 'bottles of shower gel'),
  amenity('a toothbrush', 'tooth ?brush(?:es)?'),
  amenity('toothpaste', 'tooth ?paste', 'tubes of toothpaste'),
  amenity('a razor', 'razors?|shaving kits?'),
  amenity('a comb'),
  amenity('a hair dryer', 'hair ?dr[yi]ers?'),
  amenity('an iron', 'irons?'),
  amenity('an ironing board'),
  amenity('a hanger', '(?:coat |clothes )?hangers?'),
  amenity(
    'a bottle of water',
    '(?:bottles? of |bottled |glass(?:es)? of |drinking |sparkling |still |mineral )?water|water bottles?',
    'bottles of water',
  ),
  amenity('a glass', '(?:wine )?glass(?:es)?', 'glasses'),
  amenity('a cup', 'cups?|mugs?'),
  amenity('a bucket of ice', '(?:buckets? of )?ice|ice buckets?', 'buckets of ice'),
  amenity('a kettle'),
  amenity('coffee pods', 'coffee (?:pods?|capsules?)', 'coffee pods'),
  amenity('tea bags', 'tea ?bags?', 'tea bags'),
  amenity('a phone charger', '(?:phone |mobile )?chargers?'),
  amenity('a power adapter', '(?:power |plug )?adapt[eo]rs?'),
  amenity('an extension cord'),
  amenity('a crib', 'cribs?|baby (?:cots?|beds?)|cots?'),
  amenity('an extra bed', '(?:extra|rollaway|folding|spare) beds?'),
  amenity('a sewing kit'),
  amenity('an umbrella'),
  amenity('a shower cap'),
  amenity('a corkscrew', 'corkscrews?|bottle openers?'),
  amenity('a fan', 'fans?'),
  amenity('a bath mat'),
  amenity('a laundry bag'),
  amenity('a first aid kit', 'first aid kits?'),
  amenity('a high chair'),
  amenity('a yoga mat'),
  amenity('batteries', 'batter(?:y|ies)', 'batteries'),
  amenity('a remote control', 'remote controls?|remotes?'),
  amenity('a pen', 'pens?'),
  amenity('a newspaper'),
  amenity('clean sheets', '(?:bed ?)?sheets?|bed ?linen', 'clean sheets'),
];

export const DISHES: readonly Item[] = [
  dish('a club sandwich', 'club sandwich(?:es)?'),
  dish('a sandwich'),
  dish('a burger', '(?:ham|cheese)?burgers?'),
  dish('a pizza'),
  dish('a caesar salad'),
  dish('a salad', '(?:green |mixed )?salads?'),
  dish('soup', '(?:bowls? of )?(?:tomato )?soups?', 'bowls of soup'),
  dish('pasta', 'pastas?|spaghetti', 'plates of pasta'),
  dish('a steak'),
  dish('chicken', 'chicken', 'plates of chicken'),
  dish('fries', '(?:french )?fries|chips', 'portions of fries'),
  dish('an omelette', 'omelett?e?s?', 'omelettes'),
  dish('eggs', '(?:scrambled |fried |boiled )?eggs?', 'eggs'),
  dish('pancakes', 'pancakes?', 'pancakes'),
  dish('a croissant'),
  dish('toast', 'toasts?', 'slices of toast'),
  dish('a fruit plate', 'fruit(?: plate| salad)?s?'),
  dish('ice cream', 'ice creams?', 'portions of ice cream'),
  dish('a slice of cake', '(?:chocolate |cheese ?)?cakes?|desserts?', 'slices of cake'),
  dish('a coffee', '(?:(?:cups?|pots?) of )?(?:black )?coffees?'),
  dish('a tea', '(?:(?:cups?|pots?) of )?(?:green |black )?teas?'),
  dish('an espresso'),
  dish('a cappuccino'),
  dish('a hot chocolate'),
  dish('an orange juice', '(?:glass(?:es)? of )?(?:orange |apple )?juices?'),
  dish('a beer', '(?:(?:bottles?|glass(?:es)?) of )?beers?'),
  dish('a bottle of wine', '(?:bottles? of )(?:red |white )?wines?'),
  dish('a glass of wine', '(?:glass(?:es)? of )?(?:red |white )?wines?', 'glasses of wine'),
  dish('a bottle of champagne', '(?:bottles? of )?champagne'),
  dish('a cola', 'colas?|cokes?'),
  dish('breakfast', 'breakfasts? (?:in|to|for|at) (?:my |our |the )?room|breakfast in bed', 'breakfasts'),
];

const fixture = (name: string, phrases = `${name}s?`): Fixture => ({ kind: 'fixture', name, phrases });

export const FIXTURES: readonly Fixture[] = [
  fixture('air conditioning', 'air ?con(?:ditioning|ditioner)?|ac|aircon|cooling'),
  fixture('heating', 'heating|heater|radiator'),
  fixture('shower'),
  fixture('toilet'),
  fixture('sink', 'sink|wash ?basin|basin|drain'),
  fixture('bathtub', 'bath ?tub|tub|bath'),
  fixture('tap', 'taps?|faucets?'),
  fixture('hot water'),
  fixture('television', 'television|tv|tele'),
  fixture('light', 'lights?|lamps?|(?:light )?bulbs?'),
  fixture('window'),
  fixture('door', 'doors?|door lock|lock'),
  fixture('safe'),
  fixture('telephone', 'telephone|phone'),
  fixture('minibar', 'mini ?bar|fridge|refrigerator'),
  fixture('power', 'power|electricity|outlets?|power sockets?|sockets?'),
  fixture('coffee machine', 'coffee (?:machine|maker)'),
  fixture('curtain', 'curtains?|blinds?'),
  fixture('elevator', 'elevators?|lifts?'),
  fixture('smoke detector', 'smoke (?:detector|alarm)'),
  fixture('bed'),
  fixture('internet', '(?:internet|wifi) (?:connection|signal)'),
];

/** How a fixture fails: what staff read, and the guest's words for it. */
export const SYMPTOMS: readonly { words: string; phrases: string }[] = [
  {
    words: 'is leaking',
    phrases: 'leak(?:s|ing|y)?|drip(?:s|ping)|overflow(?:s|ing|ed)?|running all the time|flooding',
  },
  {
    words: 'is blocked',
    phrases:
      "blocked|clogged|stuck|jammed|won't (?:flush|drain)|(?:doesn't|does not|is not|isn't) drain(?:ing)?|backed up",
  },
  {
    words: 'makes noise',
    phrases:
      '(?:too )?(?:noisy|loud)|(?:making|makes) (?:a |an )?(?:strange |loud |awful |terrible |funny )*(?:noises?|sounds?)|rattl(?:es|ing)|beeping',
  },
  { words: 'does not close', phrases: "(?:won't|will not|doesn't|does not|can't) (?:close|lock|shut)|can't be closed" },
  { words: 'does not open', phrases: "(?:won't|will not|doesn't|does not) open" },
  {
    words: 'is not working',
    phrases:
      "broken?|broke(?: down)?|(?:is|are)? ?not (?:working|cooling|heating|turning on|coming on)|(?:isn't|aren't|stopped) (?:working|cooling|heating)|(?:doesn't|does not|don't|do not|won't|will not|didn't) (?:work|turn on|turn off|come on|start|cool|heat|stop)(?: properly)?|out of order|faulty|defective|dead|damaged|cracked|flicker(?:s|ing)|problems? with|trouble with|something wrong with|issues? with|wrong with|acting up|fix(?:ed)?|repair(?:ed)?|there is no|there's no|i have no|we have no|no hot water|is out|went out|burn(?:ed|t) out|too (?:cold|hot|weak)|fell off|blow(?:s|ing) (?:hot|warm) air",
  },
];
