/**
 * What guests ask for, in the words they use: tables only. Each phrase is a regular expression over uniform words
 * (`concierge-words.ts`). A department is a list of candidates; the tool's own enum decides which of them exists.
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

/** Something that is done for a guest. */
export interface Service {
  kind: 'service';
  id: string;
  /** How it is read back: "a wake-up call". */
  noun: string;
  departments: readonly string[];
  phrases: string;
  /** Further pieces it needs besides the room. */
  needs: readonly ('time' | 'destination' | 'item')[];
  priority?: 'high' | 'urgent';
}

/** A question about the hotel. `ids` are what the tool may call it. */
export interface Topic {
  kind: 'topic';
  ids: readonly string[];
  phrases: string;
}

export const HOUSEKEEPING = ['housekeeping', 'rooms', 'front-desk', 'reception'];
export const MAINTENANCE = ['maintenance', 'engineering', 'technical', 'facilities', 'front-desk', 'reception'];
export const ROOM_SERVICE = [
  'room-service',
  'dining',
  'kitchen',
  'food-and-beverage',
  'restaurant',
  'front-desk',
  'reception',
];
export const FRONT_DESK = ['front-desk', 'reception', 'desk', 'concierge', 'guest-services'];
const CONCIERGE = ['concierge', 'guest-services', 'front-desk', 'reception'];
const PORTERS = ['bell-desk', 'bell', 'porters', 'porter', 'luggage', 'concierge', 'front-desk', 'reception'];

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
  fixture('internet', 'internet connection'),
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

const service = (
  id: string,
  noun: string,
  departments: readonly string[],
  phrases: string,
  needs: Service['needs'] = [],
  priority?: Service['priority'],
): Service => ({ kind: 'service', id, noun, departments, phrases, needs, ...(priority && { priority }) });

export const SERVICES: readonly Service[] = [
  service(
    'cleaning',
    'cleaning of the room',
    HOUSEKEEPING,
    "(?:clean|make up|tidy|tidy up|service|vacuum)(?: up)? (?:my|our|the) (?:room|bathroom|carpet|floor|bed)|(?:my|our|the) (?:room|bathroom|carpet|floor|bed) (?:cleaned|made up|made|serviced)|room cleaning|cleaning|room cleaned|(?:room|bathroom|carpet|floor) (?:is |was |looks )?(?:very |really |so )?dirty|(?:has not|hasn't|have not|wasn't|was not) been cleaned|(?:dirty|messy) room|spilled|make (?:my|the|our) bed",
  ),
  service(
    'sheets',
    'a change of the bed sheets',
    HOUSEKEEPING,
    '(?:change|replace) (?:my |the |our )?(?:bed ?)?(?:sheets|linen)|(?:sheets|linen) changed|(?:fresh|clean|new) (?:bed ?)?(?:sheets|linen)',
  ),
  service(
    'trash',
    'emptying of the bins',
    HOUSEKEEPING,
    '(?:trash|garbage|rubbish|bins?)(?: taken out| emptied)?|(?:take out|empty|collect) (?:the |my )?(?:trash|garbage|rubbish|bins?)',
  ),
  service('turndown', 'the turndown service', HOUSEKEEPING, 'turn ?down(?: service)?'),
  service(
    'tray',
    'collection of the room service tray',
    ROOM_SERVICE,
    '(?:pick up|collect|take away|take) (?:the |my |our )?(?:tray|dishes|plates)|(?:tray|dishes) (?:picked up|collected|taken away)',
  ),
  service(
    'laundry',
    'collection of your laundry',
    HOUSEKEEPING,
    '(?:pick up|collect|do|take|wash) (?:the |my |our |some )?(?:laundry|clothes|dry cleaning)|laundry (?:service|picked up|collected|pick ?up)|(?:clothes|shirts?|suit|dress|laundry) (?:washed|cleaned|ironed|pressed|done|picked up|collected)|dry cleaned',
  ),
  service(
    'pests',
    'someone about insects',
    HOUSEKEEPING,
    '(?:bed ?)?bugs?|cockroach(?:es)?|insects?|ants|spiders?|mouse|mice',
    [],
    'high',
  ),
  service(
    'smell',
    'someone about a bad smell',
    HOUSEKEEPING,
    'smells?(?: bad| of smoke| like smoke| terrible)?|bad smell|stinks?',
  ),
  service(
    'leak',
    'someone about a water leak',
    MAINTENANCE,
    "(?:there is|there's) (?:a (?:water )?leak|water (?:on|all over) the floor|water (?:coming|dripping) (?:from|through) the ceiling)|water (?:on|all over) the (?:bathroom )?floor|ceiling is (?:leaking|dripping)|(?:room|bathroom|floor) is (?:flooded|flooding|under water)|leak in",
    [],
    'high',
  ),
  service(
    'temperature',
    'someone about the room temperature',
    MAINTENANCE,
    '(?:too|so|very|really) (?:hot|cold|warm|stuffy)(?: in (?:here|my room|the room|our room))?|freezing(?: cold)?(?: in here)?|(?:room|bedroom) is (?:freezing|hot|cold|boiling)|boiling hot',
  ),
  service(
    'noise',
    'a noise complaint',
    ['security', ...FRONT_DESK],
    '(?:my |the |our )?neighbou?rs?(?: (?:are|is) (?:too |very |so |really )?(?:loud|noisy))?|(?:loud|noisy) (?:music|party|people|guests)|noise (?:from|in|next|outside|complaint)|too much noise|(?:room|people) next door(?: (?:is|are) (?:too |very |so |really )?(?:loud|noisy))?|party next door',
  ),
  service(
    'locked-out',
    'help with the room key',
    FRONT_DESK,
    "locked out|(?:room )?key ?(?:card)? (?:doesn't|does not|isn't|is not|won't|not) (?:work|working|open)|lost (?:my|our|the) (?:room )?key(?: ?card)?|new (?:room )?key(?: ?card)?|can't (?:open my door|get into my room)",
  ),
  service(
    'wake-up',
    'a wake-up call',
    FRONT_DESK,
    'wake ?up calls?|(?:wake|get|call) (?:me|us) up|wake (?:me|us)|wake ?up|alarm call|morning call',
    ['time'],
  ),
  service(
    'late-check-out',
    'a late check-out',
    FRONT_DESK,
    'late (?:check ?out|departure)|check(?:ing)? ?out (?:late|later|a bit later|a little later|at)|later check ?out|(?:stay|keep (?:my|our|the) room) (?:a (?:bit|little) )?(?:longer|until|till)|extend (?:my |the |our )?check ?out|leave (?:a (?:bit|little) )?later|leave late',
    ['time'],
  ),
  service('early-check-in', 'an early check-in', FRONT_DESK, 'early check ?in|check(?:ing)? ?in early', ['time']),
  service('taxi', 'a taxi', CONCIERGE, 'taxis?|cabs?|a car to|uber', ['time', 'destination']),
  service(
    'luggage',
    'help with your luggage',
    PORTERS,
    '(?:luggage|baggage|bags|suitcases?)(?: (?:picked up|collected|carried down|brought (?:up|down)))?|bell ?(?:boy|man|hop)|porter',
  ),
  service(
    'luggage-storage',
    'storage of your luggage',
    PORTERS,
    '(?:store|storing|leave|keep|hold) (?:my|our|the|some) (?:luggage|baggage|bags|suitcases?)|luggage storage',
  ),
  service(
    'table',
    'a table at the restaurant',
    ['restaurant', 'dining', ...CONCIERGE],
    '(?:book|reserve|get|have) (?:me |us )?a table|table for|(?:dinner|restaurant|table|lunch) (?:reservation|booking)|reservation (?:for dinner|at the restaurant|for the restaurant)|(?:book|reserve) (?:a )?dinner',
    ['time'],
  ),
  service(
    'massage',
    'a massage appointment',
    ['spa', ...CONCIERGE],
    'massages?|spa (?:appointment|treatment|booking)|book (?:the|a) (?:spa|treatment)',
    ['time'],
  ),
  service(
    'do-not-disturb',
    'no disturbance of the room',
    HOUSEKEEPING,
    'do not disturb|not (?:to )?be disturbed|no housekeeping|skip (?:the )?(?:cleaning|housekeeping)',
  ),
  service(
    'lost-property',
    'a search for lost property',
    FRONT_DESK,
    '(?:i )?(?:lost|left|forgot|misplaced) (?:my|our) (?!luggage|bags|room|key)[a-z]+|lost and found|lost property',
  ),
  service(
    'minibar',
    'a refill of the minibar',
    ROOM_SERVICE,
    '(?:refill|restock|fill) (?:up )?(?:the |my )?(?:mini ?bar|fridge)|mini ?bar (?:refilled|restocked|is empty)',
  ),
  service(
    'room-service',
    'room service',
    ROOM_SERVICE,
    "room service|order (?:some |something )?(?:food|to eat|a meal|dinner|lunch)|something to (?:eat|drink)|(?:i am|i'm|we are|we're) hungry",
    ['item'],
  ),
];

const topic = (ids: string, phrases: string): Topic => ({ kind: 'topic', ids: ids.split(' '), phrases });

export const TOPICS: readonly Topic[] = [
  topic(
    'wifi wi-fi internet wireless',
    '(?:wifi|wireless|internet)(?: (?:password|code|network|access|name))?|(?:network|internet) (?:password|name)|get online',
  ),
  topic('breakfast', 'breakfast'),
  topic('restaurant dining dinner', 'restaurants?|dinner|lunch|where can (?:i|we) eat'),
  topic('room-service in-room-dining', '(?:menu|room service (?:menu|hours))'),
  topic('bar bars lounge', '(?:hotel |rooftop )?bar|lounge'),
  topic('parking garage', 'park(?:ing)?(?: (?:garage|space|fee))?|garage|car park|valet'),
  topic('pool swimming', '(?:swimming )?pool|swim(?:ming)?'),
  topic('gym fitness fitness-centre fitness-center', 'gym|fitness(?: (?:room|centre|center|studio))?|work ?out'),
  topic('spa sauna wellness', 'spa|sauna|wellness|steam room'),
  topic('check-out checkout check-out-time', 'check ?out(?: time)?|(?:have|need) to (?:leave|be out)'),
  topic('check-in checkin check-in-time', 'check ?in(?: time)?'),
  topic('pets pet dogs', 'pets?|dogs?|cats?'),
  topic('smoking smoking-policy', 'smok(?:e|ing)'),
  topic(
    'address location directions',
    '(?:hotel )?address|where (?:are you|is the hotel)(?: located)?|location|directions',
  ),
  topic(
    'shuttle airport-shuttle airport transport transfer',
    '(?:airport )?shuttle(?: bus)?|airport (?:transfer|bus)|(?:get|go) to the airport',
  ),
  topic('laundry dry-cleaning', 'laundry|dry cleaning'),
  topic(
    'business-centre business-center printing meeting-rooms',
    'business cent(?:er|re)|print(?:er|ing)?|meeting rooms?|conference rooms?',
  ),
  topic('atm cash bank', 'atm|cash machine|currency exchange'),
  topic('accessibility', 'wheelchairs?|accessib(?:le|ility)'),
  topic('sightseeing sights attractions tours', 'sight ?seeing|sights|museums?|tours?|tourist'),
  topic('front-desk reception', '(?:front desk|reception) (?:hours|open|closed)'),
  topic('telephone phone phone-number', "(?:the hotel's|your) (?:phone |telephone )?number"),
];

/** Places a taxi goes to. */
export const DESTINATIONS =
  '(?:international )?airport|(?:train|railway|bus|central|main) station|station|city cent(?:er|re)|town cent(?:er|re)|downtown|old town|harbou?r|port|ferry(?: terminal)?|beach|museum|opera(?: house)?|theat(?:er|re)|hospital|stadium|conference cent(?:er|re)|convention cent(?:er|re)|shopping (?:mall|cent(?:er|re))|mall|university|castle|cathedral|zoo|market(?: square)?|embassy';

/** Departments by the words guests use; the candidates are looked up in the tool's own enum. */
export const DEPARTMENTS: readonly { ids: readonly string[]; phrases: string }[] = [
  { ids: FRONT_DESK, phrases: 'front desk|reception(?:ist)?|desk|operator|lobby' },
  { ids: ['housekeeping'], phrases: 'housekeep(?:ing|er)|cleaning (?:staff|team)' },
  {
    ids: ['maintenance', 'engineering', 'technical', 'facilities'],
    phrases: 'maintenance|engineer(?:ing)?|technician|handyman|plumber|electrician',
  },
  { ids: ['room-service', 'dining', 'kitchen', 'food-and-beverage'], phrases: 'room service|kitchen' },
  { ids: ['concierge', 'guest-services'], phrases: 'concierge|guest services' },
  { ids: ['restaurant', 'dining'], phrases: 'restaurant' },
  { ids: ['spa', 'wellness'], phrases: 'spa' },
  { ids: ['security'], phrases: 'security' },
  {
    ids: ['duty-manager', 'manager', 'management', ...FRONT_DESK],
    phrases: '(?:duty |hotel )?manager|supervisor|management',
  },
  { ids: ['reservations', 'bookings', ...FRONT_DESK], phrases: 'reservations?|bookings?' },
  { ids: PORTERS, phrases: 'bell desk|bell ?(?:boy|man|hop)|porters?' },
];
