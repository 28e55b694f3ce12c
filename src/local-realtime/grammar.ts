/**
 * What the ears listen for: hotel talk as a JSGF grammar, made of lists. An utterance is an opener and any clauses after it.
 * Words that the recogniser's dictionary lacks are added in vocabulary.ts.
 */
import { SURNAMES } from './vocabulary.ts';

const AMENITIES = `towel|towels|bath towel|bath towels|hand towels|pillow|pillows|blanket|blankets|bathrobe|bathrobes|slippers|toilet paper|tissues|soap|
  shampoo|body lotion|shower gel|toothbrush|toothbrushes|toothpaste|razor|comb|hair dryer|iron|ironing board|hangers|hanger|bottle of water|
  bottles of water|water|still water|sparkling water|glasses|cups|ice|kettle|coffee pods|tea bags|phone charger|charger|power adapter|adapter|crib|baby bed|
  extra bed|sewing kit|umbrella|shower cap|corkscrew|fan|bath mat|laundry bag|remote control|batteries|clean sheets|sheets|newspaper`;
const DISHES = `club sandwich|club sandwiches|sandwich|burger|burgers|cheeseburger|pizza|caesar salad|salad|soup|tomato soup|pasta|steak|chicken|french fries|fries|
  omelette|scrambled eggs|eggs|pancakes|croissant|toast|fruit salad|ice cream|chocolate cake|coffee|pot of coffee|cup of coffee|tea|cup of tea|green tea|espresso|
  cappuccino|hot chocolate|orange juice|beer|bottle of wine|glass of wine|red wine|white wine|champagne|coke|breakfast|dinner`;
const FIXTURES = `air conditioning|air conditioner|heating|heater|shower|toilet|sink|bathtub|tap|hot water|television|t v|light|lights|lamp|window|door|door lock|safe|
  telephone|phone|minibar|fridge|power|socket|coffee machine|curtain|elevator|smoke detector|bed|internet connection|internet|wifi|key card|bathroom light`;
const SYMPTOMS = `is broken|is not working|isn't working|does not work|doesn't work|is not working properly|stopped working|is leaking|is dripping|is blocked|is clogged|
  won't open|won't close|won't turn on|won't turn off|is making noise|is making a noise|is making a strange noise|is very loud|is too cold|is too hot|is out of order|
  keeps dripping|is stuck|is dirty|is running all the time|will not flush|doesn't flush|are not working|don't work|are broken`;
const TOPICS = `wifi|internet|breakfast|pool|swimming pool|gym|fitness room|parking|check out|check in|spa|restaurant|bar|pets|dogs|airport|luggage|laundry|smoking|room service|dinner|shuttle`;
const DEPARTMENTS = `front desk|reception|housekeeping|maintenance|room service|concierge|manager|spa|restaurant|operator`;

const alternatives = (list: string): string =>
  list
    .split('|')
    .map((words) => words.trim())
    .filter(Boolean)
    .join(' | ');

/** Ways to begin a wish; what is wished for follows. */
const WANTS = `could i have | can i have | could i get | can i get | could we have | can we have | can we get | could we get | i would like | i'd like | we'd like | we would like | i need | we need | i want | we want
  | could you send | can you send | can you bring | could you bring | please send | please bring | could you send up | can you send up | can you bring me | could you bring me | could you bring us | may i have
  | i'd like to order | i would like to order | i want to order | can i order | could i order | can you get me | could you get me | i'd like to have | i would like to have | do you have | would you bring | please send me | there are no | there is no
  | we are out of | i am out of | we have no | i have no | could you arrange | can you arrange | please arrange | could you book | can you book | i'd like to book | can i book | could you order | can you order | can you call | could you call | could you call me | can you call me
  | please call | is it possible to have | is there any chance of | i was wondering if i could have | could somebody bring | can someone bring | could someone bring | i ordered | i asked for`;

/** Whole sentences in which nothing varies. */
const SENTENCES = `there is no hot water | there's no hot water | there is no power | it's too cold in my room | it's too hot in my room | it's very hot in here | it's very cold in here | my room is too hot | my room is too cold
  | there is a leak in the bathroom | there is water on the floor | there's water everywhere | i'm locked out of my room | i am locked out | my key does not work | my key card doesn't work | the room is dirty | my neighbors are too loud | the neighbors are very loud | there is too much noise
  | could someone help with my luggage | can someone pick up my luggage | could someone pick up our bags | i need help with my bags | i need help with my luggage | can i leave my luggage | can you store my luggage | please pick up my luggage | could somebody help me with my bags
  | can someone take my bags down | could someone take my luggage down | could someone help me with my luggage
  | could you clean my room | can you clean my room | please clean my room | please make up my room | could you make up my room | could someone clean my room | can someone clean the room | my room has not been cleaned | my room needs cleaning | i need housekeeping
  | please do not disturb | do not clean my room today | i have laundry | i need laundry service | could you change the sheets | can you change my sheets | please change the towels | i'd like my room cleaned | could i have my room cleaned | could you send housekeeping
  | i'd like to book a massage | i would like a massage | i'd like to reserve a table
  | can i check out later | could i check out later | could we check out later | can we check out later | is it possible to check out later | i'd like to check out later | i would like to check out later | is a late check out possible | could i stay in my room | can i keep the room
  | can i check out | could i check out | can we check out | could we check out | wake me up | can you wake me up | could you wake me up | please wake me up | can you wake me | could you wake me | i need to get to the airport
  | what's the wifi password | what is the wifi password | what is the password for the wifi | how do i connect to the wifi | do you have wifi | is there wifi | can you tell me the wifi password | could you tell me the wifi password | what's the password for the internet
  | when do i have to check out | what time do i have to check out | until when can i have breakfast | where is breakfast served | when is breakfast served | what time is breakfast served | is breakfast included | do you allow pets | can i bring my dog | can i smoke in the room
  | how do i get to the airport | how far is the airport | what is the address | what is your address | where can i park my car | is parking free | can i see the menu | what is on the menu | are you a robot | are you a real person | who are you | who am i speaking to | what can you do
  | i'm calling about my request | i am calling about my request | what is the status of my request | what's the status of my request | i'd like to check on my request | i want to check on my request | can you check on my request | could you check on my request
  | i'm calling about an earlier request | any news about my request | what about my request | i'd like to ask about my request | did you get my request | i made a request earlier | i would like to know the status of my request
  | how long will it take | how long does it take | how much longer | when will someone come | when are they coming | when will it be here | has anyone looked at my request | i called earlier | i called before | nobody came | nobody has come yet | no one has come yet | is someone coming
  | it's urgent | it is urgent | this is urgent | it's very urgent | it is very urgent | can you hurry | could you hurry | please hurry | please hurry up | can you make it urgent | please make it urgent | can you raise the priority | could you raise the priority | it's an emergency | this is an emergency
  | it's very important | i can't wait | i can't wait any longer | i need it right now | can you speed it up | could you speed it up | it's really urgent now | can you make that more urgent
  | yes | yes please | yeah | yep | yes that's right | that's right | that is right | that's correct | correct | yes correct | right | exactly | sure | of course | okay | alright | fine | that's fine | that would be great | perfect | great | please do | go ahead | yes go ahead
  | no | nope | no thank you | no thanks | no that's all | that's all | that is all | that's it | that will be all | nothing else | no nothing else | that's everything | i'm good | i'm fine | no that's wrong | that's wrong | that's not right | no that's not right | not really
  | never mind | forget it | cancel that | i changed my mind | one moment | just a moment | just a second | hold on | i don't know | i'm not sure | no that is all | no that's it | no i'm good
  | thank you | thanks | thank you very much | thanks a lot | many thanks | goodbye | bye | bye bye | have a nice day | have a good day | good night | thank you goodbye | thanks bye | thank you bye | that's all thank you | thank you so much | no thank you goodbye | see you | have a good evening
  | wrong room | that's the wrong room | wrong number
  | can you repeat that | could you repeat that | please repeat that | say that again | can you say that again | could you say that again | sorry what | pardon | pardon me | i didn't understand | i did not understand | what was the number | what was the number again | can you repeat the number
  | what did you say | excuse me what | come again | i beg your pardon
  | tomorrow morning | tonight | in half an hour | in an hour | in ten minutes | in twenty minutes | right now | as soon as possible | this evening`;

/** The grammar's text. The recogniser copies a rule at each place that names it, so long lists are named once or twice. */
export function hotelGrammar(): string {
  return `#JSGF V1.0;
grammar hotel;

public <utterance> = [<opener>] <main> | <opener>;
<opener> = hello | hi | good morning | good evening | good afternoon | excuse me | um | okay | sorry;

<main> = <wish> [<where>] [<closer>] | <problem> [<where>] [<closer>] | <where> | <name> | <when> | <question> | <waiting> | <person> [please] | <correction> | <other-guest> | <sentence> | <timed> [<when>] [please];
<closer> = please | if possible | thank you | right now;
<timed> = is a late check out possible | can i check out | could i check out | can we check out | wake me up | can you wake me up | could you wake me up | please wake me up | i need to get to the airport | a late check out;
<sentence> = ${SENTENCES};

<wish> = <want> [<amount>] <thing> [and [<amount>] <second-thing>] [<delivery>] [<when>] | <bare-amount> <thing> [and <bare-amount> <second-thing>];
<bare-amount> = a | an | two | three | one | some;
<want> = ${WANTS};
<amount> = a | an | one | two | three | four | five | six | some | some more | more | a few | another | another two | two more | one more | three more | extra | some extra | two extra | three extra | one extra | a couple of | an extra
  | a pair of | fresh | two fresh | clean | a bottle of | two bottles of | the | my;
<thing> = ${alternatives(AMENITIES)} | ${alternatives(DISHES)} | wake up call | late check out | taxi | cab | table | massage;
<second-thing> = ${alternatives(AMENITIES)} | ${alternatives(DISHES)};
<delivery> = to my room | to our room | to the room | up to my room | for my room | to the airport | to the train station | to the city center | to the station | downtown | an hour ago | earlier;

<where> = [<where-intro>] <room>;
<where-intro> = room | room number | i'm in | i'm in room | i am in | i am in room | it's room | it is room | it's | it is | my room is | my room number is | my room is number | this is room | we're in room | we are in room | we're in | i am staying in room | i'm calling from room | calling from room
  | to room | for room | that's room | the room is | the number is | it's for room | to room number | the room number is;
<room> = <digit> <rest> | <digit> hundred [[and] <rest>];
<rest> = <teen> | <tens> [<digit>] | oh <digit> | <digit> <last-digit> | zero <digit>;
<last-digit> = oh | zero | <digit>;
<digit> = one | two | three | four | five | six | seven | eight | nine;
<teen> = ten | eleven | twelve | thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen;
<tens> = twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety;

<problem> = [<problem-intro>] <my> <fixture> [in my room] [<symptom>];
<problem-intro> = there is something wrong with | i have a problem with | there is a problem with | could someone fix | can you fix | could you send someone to fix | can somebody look at | could someone look at | can someone fix | i called earlier about | i reported | we have a problem with;
<my> = my | the | our | the bathroom | my bathroom;
<fixture> = ${alternatives(FIXTURES)};
<symptom> = ${alternatives(SYMPTOMS)};

<when> = [<when-intro>] <time>;
<when-intro> = at | for | until | till | by | tomorrow at | tomorrow morning at | for tomorrow at | for tomorrow morning at | today at | tonight at | from | around | about | tomorrow for;
<time> = <clock> [<day-part>];
<clock> = <hour> [<minute>] | half past <hour> | <quarter> <hour> | noon | midnight;
<quarter> = quarter past | quarter to | a quarter past | a quarter to | ten past | ten to | twenty past | twenty to;
<hour> = one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve;
<minute> = o'clock | fifteen | thirty | forty five | twenty | ten | forty | fifty | oh five | twenty five | thirty five;
<day-part> = in the morning | in the afternoon | in the evening | a m | p m | tomorrow | tomorrow morning | today | tonight;

<question> = <ask> <topic> [<after-topic>];
<ask> = what about | tell me about | i have a question about | can you tell me about | could you tell me about | i'd like to know about | what time is | when is | when does | what time does | what are the opening hours of | do you have a | is there a | where is | how much is | is | until when is | how late is
  | how much does | i have a question about | what are the hours of | does the hotel have a | how long is;
<topic> = [the] <topic-name>;
<topic-name> = ${alternatives(TOPICS)};
<after-topic> = open | close | start | end | cost | open now | hours | included | free | open until | served | open today;

<waiting> = <waiting-intro> [<amount>] <second-thing>;
<waiting-intro> = where are | where is | where are my | where is my | i'm still waiting for | i am still waiting for | we are still waiting for | i'm still waiting for my | i am waiting for my | i'm waiting for | we are still waiting for our | i called earlier about;

<name> = <name-intro> [<title>] <surname> | <title> <surname> | <surname>;
<name-intro> = my name is | my last name is | the name is | this is | i'm | last name | under | the last name is | i am | name is | my surname is | yes my name is;
<title> = mister | missus | miss | doctor;
<surname> = ${SURNAMES.join(' | ')};

<person> = <want-person> <someone>;
<want-person> = i want to speak to | i'd like to speak to | can i speak to | can i talk to | i want to talk to | could i speak to | i'd like to talk to | let me speak to | let me talk to | i need to talk to | may i speak to | i would like to speak to | i would like to talk to | get me | i need to speak to
  | put me through to | connect me to | connect me with | can you put me through to | could you put me through to | transfer me to | can you connect me to | can you transfer me to | please connect me to | could you connect me to | give me | please put me through to;
<someone> = a person | a real person | a human | a human being | someone | somebody | a member of staff | a real human | someone else | somebody else | a supervisor | [the] <department>;
<department> = ${alternatives(DEPARTMENTS)};

<correction> = <correction-intro> <room> | <correction-intro> [<amount>] <second-thing>;
<correction-intro> = no | no room | no i said | no i said room | i said | i said room | i mean | i mean room | sorry room | actually | actually room | actually it's room | not | no it's | no it's room | i meant | i meant room | no sorry | no sorry room | no not | no no | no no room | no i'm in room | no i'm in
  | sorry i meant room | actually i'm in room | no that's wrong it's room | make it | make that | no make it;

<other-guest> = <other-intro> <room> [have] | <other-who> <title> <surname> [<other-end>];
<other-intro> = which guest is in room | who is in room | who is staying in room | who's in room | which requests does room | what requests did room | what did room | can you tell me the name of the guest in room | what has room | what is the name of the guest in room | can you connect me to room | put me through to room | i'd like to know who is in room | who is the guest in room;
<other-who> = is | which room is | what room is | what is the room number of | what is the room of;
<other-end> = staying here | staying with you | in | staying in | here;
`;
}
