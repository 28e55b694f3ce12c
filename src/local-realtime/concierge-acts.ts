/** What a guest does with words, whatever they are about: agrees, refuses, thanks, corrects, asks again. A table. Pure. */
import { phrase } from './concierge-words.ts';

export type Act =
  | 'yes'
  | 'no'
  | 'thanks'
  | 'done'
  | 'bye'
  | 'hello'
  | 'repeat'
  | 'number'
  | 'never-mind'
  | 'hold'
  | 'correct'
  | 'person'
  | 'put-through'
  | 'status'
  | 'urgent'
  | 'hurry'
  | 'emergency'
  | 'other-guest'
  | 'who-are-you'
  | 'abilities'
  | 'how-are-you'
  | 'desk-matter'
  | 'question'
  | 'delivery'
  | 'prompt'
  | 'want';

const YES_START =
  "(?:(?:oh|ah|and|well|so) )?(?:yes|yeah|yep|yup|ya|sure|of course|certainly|correct|right(?! (?:now|away))|exactly|okay|ok|alright|all right|absolutely|perfect|great|good(?! (?:morning|evening|afternoon|night|bye))|fine|please$|please do|go ahead|do it|do that|definitely|affirmative|indeed|it is$|i do$|i would$|i'd like that|mhm|that's (?:right|correct|it|fine|good|great|perfect)|that is (?:right|correct|fine|good|perfect)|that would be (?:great|good|nice|lovely|fine)|that'd be (?:great|good|nice)|that works|sounds (?:good|right|great)|you got it|lovely|wonderful|excellent)";

/** Anchored phrases start with `^`. They are tried on the whole utterance. */
const ACTS: readonly [Act, string][] = [
  ['yes', `^${YES_START}`],
  ['yes', "yes|that's (?:right|correct)|that is (?:right|correct)"],
  [
    'no',
    '^(?:(?:oh|ah|well|um|sorry|actually) )?(?:no|nope|nah|not (?:really|quite|right|yet|that|at the moment))(?! problem)',
  ],
  [
    'no',
    "that's (?:not (?:right|correct|it)|wrong|incorrect)|that is (?:not (?:right|correct|it)|wrong|incorrect)|not correct|wrong (?:room|number|time|one)|i don't|no idea|i'm not sure|i am not sure|(?:no|not) thank(?:s| you)|is (?:wrong|incorrect)|^incorrect|^wrong",
  ],
  ['thanks', 'thank you|thanks|cheers|much appreciated|i appreciate (?:it|that)|very kind'],
  [
    'done',
    "that's (?:all|it|everything|it for now)|that is (?:all|it|everything)|that (?:will|would) be (?:all|it)|that'll be all|nothing (?:else|more)|^(?:no )?nothing|i'm (?:good|fine|all set|okay)|i am (?:good|fine|all set)|all set|all good|(?:that's|that is) (?:all|everything) (?:i need|for now)|all done",
  ],
  [
    'bye',
    'good ?bye|bye(?: bye)?|see you(?: later| soon)?|^good ?night|good ?night$|talk to you later|have a (?:good|nice|lovely|great|pleasant) (?:day|evening|night|one|afternoon)|hang up',
  ],
  ['hello', 'hello|hi|hey|good (?:morning|afternoon|evening)|greetings'],
  [
    'repeat',
    "repeat|say (?:that|it|this) again|come again|pardon(?: me)?|what (?:did you say|was that|do you mean)|one more time|once more|(?:didn't|did not|couldn't|can't) (?:hear|catch|get|understand)(?: (?:that|you|it|what you said))?|^(?:sorry|excuse me|what|huh|i'm sorry|sorry what|excuse me what)$|say again|can you hear me|speak (?:up|slower|more slowly|louder)|again please",
  ],
  [
    'number',
    "(?:what was|what is|what's|tell me|give me|repeat) (?:(?:the|my|that) )?(?:request |reference |confirmation |ticket )?number(?: again)?|which number was (?:that|it)|request number again",
  ],
  [
    'never-mind',
    "never ?mind|forget (?:about )?(?:it|that)|cancel(?: (?:it|that|this|my|the).*)?|don't bother|scratch that|changed (?:my|our) mind|leave it|not (?:any ?more|anymore)|drop (?:it|that)|i don't (?:want|need) (?:it|that|them|anything)(?: any ?more)?|no need|stop that",
  ],
  [
    'hold',
    '^(?:please )?(?:hold on|hang on|wait|just)?(?: please)?(?: (?:a|one|just a) (?:moment|second|minute|sec))?$|^(?:just )?(?:a|one) (?:moment|second|minute|sec)\\b|^let me (?:think|check|see|look)|hold on|hang on|^wait(?: a)?',
  ],
  [
    'correct',
    "actually|i mean(?:t)?|i said|rather|instead|correction|make (?:it|that)|change (?:it|that|the)|wrong (?:room|number|time)|^not\\b|not room|^(?:oh |sorry |no )*sorry|should be|i'm in|oops|my mistake|mistake",
  ],
  [
    'person',
    '(?:speak|talk|speaking|talking) (?:to|with) (?!you)(?:a |an |the |your |my |someone|somebody|another)?.*|real (?:person|human)|(?:a|an actual|actual|any) (?:person|human(?: being)?|agent|representative)|human being|(?:some|any)(?:one|body) (?:real|human|else|there)|live (?:person|agent)|not a (?:machine|robot|computer)|member of staff|staff member|call (?:the )?(?:front desk|reception|housekeeping|maintenance|manager|concierge|security|restaurant|spa)|(?:get|give) me (?:someone|somebody|(?:the |a |your )?(?:manager|front desk|reception|person|human|operator|supervisor))$|i (?:want|need) (?:the |a |your )?(?:manager|person|human|operator|supervisor)',
  ],
  [
    'put-through',
    '(?:put|pass) (?:me|us|my call) (?:through|on|over|to)(?: to)?|(?:connect|transfer|forward|redirect|switch) (?:me|us|my call|this call)|transfer (?:the call|to)|connect (?:the call|to)|can you (?:transfer|connect)',
  ],
  [
    'status',
    "(?:the |any )?(?:status|progress|update)s?(?: (?:of|on|about) .*)?|where (?:is|are) (?:my|our|the) (?!pool|gym|spa|bar|restaurant|breakfast|parking|elevator|lift|hotel|lobby|ice machine)[a-z ]*|where's (?:my|our) .*|how (?:long|much longer) (?:will|does|is|until|before|do)\\b.*|(?:has|have|did)(?:n't| not)? .*(?:arrived|come|been (?:done|delivered|fixed|sent))(?: yet)?|still (?:waiting|haven't|have not|not here|hasn't)\\b.*|(?:is|are) (?:it|they|my|someone|somebody|anyone)\\b.* (?:ready|done|coming|on (?:the|its|their) way|here)|(?:did|have) you (?:get|got|receive|received|send|sent) (?:my|the)\\b.*|(?:check|checking|look) (?:on|up|into|for|about) (?:my|the|an|a) .*|(?:about|on|regarding) (?:my|an|the|a) (?:earlier |previous |last |open )?requests?|(?:my|open|earlier|previous) (?:earlier |previous |last |open )?requests?(?! number)|(?:is|are) (?:there|someone|anyone|they) (?:working|coming)\\b.*|what happened (?:to|with) .*|when (?:will|is|are) (?:it|they|my|the|someone|somebody|anyone) .*(?:come|coming|arrive|here|ready|done|fixed|be)|(?:i|we) (?:called|asked|requested|ordered) .*(?:earlier|ago|before|yesterday|already|this morning|last night).*|any news|how much longer|(?:nobody|no one) (?:came|has come|is here|showed up).*|(?:made|have|had) a(?:n open)? request (?:earlier|already|before|yesterday).*",
  ],
  [
    'urgent',
    "urgent(?:ly)?|(?:an |the )?emergency|(?:raise|increase|change|higher|up) (?:the |its |my |that )?(?:priority|urgency)|top priority|(?:high|higher|highest) priority|right now|immediately|straight away|at once|as soon as possible|asap|can't wait|cannot wait",
  ],
  [
    'hurry',
    'hurry(?: up)?|faster|quick(?:ly|er)?|speed (?:it |this |that )?up|sooner|right away|prioriti[sz]e|(?:a|its|the) priority|(?:very|really|more) important|escalate|rush',
  ],
  [
    'emergency',
    "(?:there is|there's) (?:a |a lot of )?(?:fire|smoke)(?! (?:detector|alarm))|on fire|ambulance|(?:need|want|call|get) (?:me )?(?:a |the )?(?:doctor|police|paramedics?|fire brigade|fire department)|heart attack|chest pains?|(?:can't|cannot) breathe|(?:not|isn't|stopped) breathing|my (?:wife|husband|son|daughter|child|baby|friend|mother|father) (?:fell|fainted|passed out|is (?:very |really )?(?:sick|hurt|injured))|unconscious|collapsed|bleeding|medical emergency|intruder|(?:someone|somebody|a man|a stranger) is (?:in|trying to (?:get|break) into) my room|break(?:ing)? in(?:to)?|being attacked|^(?:please )?help(?: me)?(?: please)?$|help help",
  ],
  [
    'other-guest',
    "(?:which|what) guests?\\b.*|^is (?:mr|mrs|ms|miss|missus|mister|doctor)\\b.*|(?:what|which) requests? (?:did|does|has|do|have) .*|(?:what is|what's|tell me|which is) the room of .*|who (?:is|are|was|'s|lives|stays|sleeps)(?: the)?(?: (?:guest|person|man|woman|people))?(?: (?:staying|in|registered|living))|who's (?:staying|in)|(?<!\\b(?:name|this|it|here) )(?:is|are) (?:there )?(?:a |my )?(?:mr|mrs|ms|miss|missus|mister|doctor|friend|wife|husband|boss|colleague)\\b.*(?:staying|here|hotel|checked|guest|room)|(?<!(?:name|this|it|here) )is [a-z ]+ (?:staying|checked in|registered|a guest)(?: (?:here|with you|at|in).*)?|(?:what|which) room (?:is|are|does|do|did|was) .*|room number (?:of|for) (?!my)\\b.*|(?:mr|mrs|ms|miss|missus|mister) [a-z]+(?:'s)? (?:room|number)|(?:guests?|person|people|man|woman|lady|gentleman|someone|couple|family) (?:in|of|from|staying in) (?:the )?(?:room|other|next)\\b.*|(?:another|other|a different) guest(?:'s|s)?\\b.*|someone else's .*|(?:name|names|number) of (?:the |another |other )?(?:guests?|people|person|man|woman|lady)\\b.*|what (?:did|has|does|do) (?:room|the guests?|they|he|she|mr|mrs|ms)\\b.*|(?:requests?|orders?) (?:of|from|for|by) (?:the )?(?:other|another|guest)\\b.*|(?:my )?(?:neighbou?r|friend|colleague|boss|wife|husband|ex)'s (?:room|name|requests?|order|number).*",
  ],
  [
    'who-are-you',
    "are you (?:a |an |really )?(?:real|robot|machine|human|person|computer|ai|recording|bot)\\b.*|who are you|what are you|(?:what is|what's) your name|who am i (?:talking|speaking) (?:to|with)|am i (?:talking|speaking) (?:to|with) .*",
  ],
  [
    'abilities',
    'what (?:can|else can|could) (?:you|i) (?:do|help|offer|ask)\\b.*|how (?:can|could) you help\\b.*|what (?:do|services do) you offer|what are my options|^i need (?:some )?help$|^can you help(?: me)?(?: please)?$',
  ],
  ['how-are-you', "how are you|how's it going|how do you do|how are things"],
  [
    'desk-matter',
    '(?:my |the |a )?(?:bill|invoice|receipt|refund|deposit)|overcharged|charged (?:me|twice|wrong)|pay(?:ment)?|credit card|(?:extend|prolong) (?:my|our) (?:stay|reservation)|(?:another|extra|one more) night|(?:book|reserve) (?:a|another) room|(?:change|switch|swap|move) (?:my |our )?(?:room|rooms|to another room)|(?:different|another|better|bigger) room|upgrade|complain(?:t)?|visitor|parcel|package|mail|check me out|check out now|like to check ?out(?: now)?$|(?:want to|wanna) check ?out(?: now)?$',
  ],
  [
    'question',
    "^(?:(?:and|so|okay|hi|hello|excuse me|sorry|please) )*(?:what|when|where|which|how|is|are|do|does|can you tell|could you tell|till when|until when|at what time|tell me|i have a question|may i ask|i wanted to ask|i'd like to know|i would like to know)\\b|what time|(?:what|when|where|how) (?:is|are|do|does|much|late|early|long)|(?:opening )?hours|open(?:s|ing)?|close[sd]?|do you (?:have|offer)|is there|are there|how much|password|do you know|tell me about|information (?:about|on)|what about|included|free|cost",
  ],
  [
    'delivery',
    "(?:to|in|into) (?:my|our|the) room|to room|bring|send|order|deliver|i'd like|i would like|could i (?:have|get)|can i (?:have|get)|may i have|i'll have|i will have|i want|we'd like|we would like",
  ],
  [
    'prompt',
    '(?:ignore|disregard|forget|override) (?:all |any |your |the |my |previous |everything)+.*|system (?:prompt|message)|your (?:instructions|rules|prompt|guidelines)|you are now .*|act as\\b.*|pretend .*|developer mode|administrator|admin|new instructions?|jailbreak|as an ai\\b.*|tool calls?',
  ],
  [
    'want',
    "need|want|would like|i'd like|we'd like|could (?:i|we|you)|can (?:i|we|you)|may (?:i|we)|send|bring|please|get|book|order|arrange|have|looking for|another|extra|more",
  ],
];

const COMPILED = ACTS.map(([act, alternatives]) => [act, phrase(alternatives)] as const);

/** @param text uniform words joined by spaces. @returns every act found in it. */
export function actsIn(text: string): Set<Act> {
  return new Set(COMPILED.filter(([, found]) => text.search(found) !== -1).map(([act]) => act));
}
