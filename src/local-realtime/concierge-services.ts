/**
 * What is done for guests, and what they ask about the hotel, in the words guests use: tables only. Each phrase is a regular expression over
 * uniform words (`concierge-words.ts`).
 */
import { CONCIERGE, FRONT_DESK, HOUSEKEEPING, MAINTENANCE, PORTERS, ROOM_SERVICE } from './concierge-departments.ts';

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
    'cleaning',
    HOUSEKEEPING,
    "(?:clean|make up|tidy|tidy up|service|vacuum)(?: up)? (?:my|our|the) (?:room|bathroom|carpet|floor|bed)|(?:my|our|the) (?:room|bathroom|carpet|floor|bed) (?:cleaned|made up|made|serviced)|room cleaning|cleaning|room cleaned|(?:room|bathroom|carpet|floor) (?:is |was |looks )?(?:very |really |so )?dirty|(?:has not|hasn't|have not|wasn't|was not) been cleaned|(?:dirty|messy) room|spilled|make (?:my|the|our) bed|(?:need|want|send)(?: up)?(?: me)? housekeeping|housekeeping to",
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
    '(?:pick up|collect|do|take|wash|have|got) (?:the |my |our |some )?(?:laundry|clothes|dry cleaning)|laundry (?:service|picked up|collected|pick ?up)|(?:clothes|shirts?|suit|dress|laundry) (?:washed|cleaned|ironed|pressed|done|picked up|collected)|dry cleaned',
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
    "locked out|(?:room )?key ?(?:card)? (?:doesn't|does not|isn't|is not|won't|not) (?:work|working|open)|lost (?:my|our|the) (?:room )?key(?: ?card)?|(?:my|our|the) (?:room )?key ?card|new (?:room )?key(?: ?card)?|can't (?:open my door|get into my room)",
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
    'late (?:check ?out|departure)|check(?:ing)? ?out (?:late|later|a bit later|a little later|at)|(?:can|could|may|might) (?:i|we) check out(?! (?:now|today))|later check ?out|stay (?:a (?:bit|little) )?(?:longer|until|till)|(?:stay in|keep) (?:my|our|the) room|extend (?:my |the |our )?check ?out|leave (?:a (?:bit|little) )?later|leave late',
    ['time'],
  ),
  service('early-check-in', 'an early check-in', FRONT_DESK, 'early check ?in|check(?:ing)? ?in early', ['time']),
  service(
    'taxi',
    'a taxi',
    CONCIERGE,
    'taxis?|cabs?|a car to|uber|(?:need|want|have|like) to (?:get|go|be taken) to|(?:take|drive|bring) (?:me|us) to',
    ['time', 'destination'],
  ),
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
    '(?:(?:book|reserve|get|have) (?:me |us )?)?a table(?: for (?:one|two|three|four|five|[a-z]+ (?:people|persons|guests)))?|table for (?:one|two|three|four|five|[a-z]+ (?:people|persons|guests))|(?:dinner|restaurant|table|lunch) (?:reservation|booking)|reservation (?:for dinner|at the restaurant|for the restaurant)|(?:book|reserve) (?:a )?dinner',
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
    'a do not disturb note',
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

/** What an emergency is recorded as when nobody takes the call. No words lead to it: an emergency is put through first. */
export const EMERGENCY = service('emergency', 'help in an emergency', ['security', ...FRONT_DESK], '', [], 'urgent');

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
