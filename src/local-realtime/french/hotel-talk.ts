/** What guests report and ask for in French, and the words by which the concierge knows it. A table, as `glossary.ts`. */
import { FIXTURES } from './nouns.ts';

const ASK = '(?:est ce que )?(?:(?:pouvez|pourriez) vous|vous (?:pouvez|pourriez))';
const MY = '(?:ma|mon|mes|notre|nos|la|le|les)';

export const HOTEL_TALK: readonly (readonly [string, string])[] = [
  // Faults.
  ...FIXTURES.map(([name, , said]) => [said, name] as const),
  ['eau chaude', 'hot water'],
  [
    '(?:ne )?(?:marche(?:nt)?|fonctionne(?:nt)?|chauffe|s allume) (?:pas|plus)(?: du tout| bien)?|(?:est|sont) en panne|en panne|(?:est|sont) casse[es]*|casse[es]*',
    'is not working',
  ],
  ['ne s ouvre (?:pas|plus)', 'does not open'],
  ['ne (?:se )?ferme (?:pas|plus)', 'does not close'],
  ['fuit|goutte|coule', 'is leaking'],
  ['(?:est|sont) (?:bouche|bloque)[es]*', 'is blocked'],
  ['fait du bruit|est trop bruyante?', 'makes noise'],
  ['est trop froide', 'is too cold'],
  [`(?:j ai|il y a|nous avons) un probleme avec ${MY}`, 'there is a problem with the'],
  [
    `${ASK} (?:envoyer quelqu un pour |faire )?(?:reparer|regarder|verifier) ${MY}|quelqu un peut (?:reparer|regarder|verifier) ${MY}`,
    'can you repair the',
  ],
  [`je n arrive pas a (?:allumer|ouvrir|fermer) ${MY}`, 'there is something wrong with the'],
  ['il y a une fuite(?: d eau)?|il y a de l eau (?:par terre|partout)', 'there is a leak'],
  ['(?:ma|la|notre) chambre est inondee', 'the room is flooded'],
  ['il fait (?:trop |tres )?chaud|(?:ma|la|notre) chambre est trop chaude', 'it is too hot in my room'],
  ['il fait (?:trop |tres )?froid|(?:ma|la|notre) chambre est trop froide', 'it is too cold in my room'],
  ['il y a des (?:cafards|insectes|punaises)', 'there are insects'],
  ['(?:ca )?sent mauvais', 'smells bad'],
  // What can be switched and set.
  [`(?:${ASK} )?(?:allumer|allumez) (?:la|les) lumieres?`, 'turn on the lights'],
  [`(?:${ASK} )?(?:eteindre|eteignez) (?:la|les) lumieres?`, 'turn off the lights'],
  [`(?:${ASK} )?(?:baisser|baissez|tamiser|tamisez) (?:la|les) lumieres?`, 'dim the lights'],
  [`(?:${ASK} )?(?:ouvrir|ouvrez) les rideaux`, 'open the curtains'],
  [`(?:${ASK} )?(?:fermer|fermez) les rideaux`, 'close the curtains'],
  [
    `(?:${ASK} )?(?:mettre|mettez|regler|reglez) (?:la temperature|le chauffage|la climatisation) (?:a|sur)`,
    'set the temperature to',
  ],
  ['degres?', 'degrees'],
  [`(?:${ASK} )?(?:monter|montez) (?:le chauffage|la temperature)`, 'turn up the heating'],
  [`(?:${ASK} )?(?:baisser|baissez) (?:le chauffage|la temperature)`, 'turn down the heating'],
  // Services.
  [
    `(?:${ASK} )?(?:envoyer quelqu un pour )?(?:faire (?:le menage|(?:la|ma|notre) chambre)|(?:faire )?nettoyer (?:ma|la|notre) (?:chambre|salle de bain))|le menage(?: n a pas ete fait)?|(?:ma|la|notre) chambre (?:n a pas ete (?:faite|nettoyee)|n est pas (?:faite|propre)|est sale)|que l on fasse (?:ma|la) chambre`,
    'clean my room',
  ],
  [`${ASK} changer les draps|changer les draps`, 'change the sheets'],
  [`${ASK} changer les serviettes`, 'i need towels'],
  [`(?:${ASK} )?vider la poubelle`, 'empty the bin'],
  ['ne pas deranger|je ne veux pas etre derangee?', 'do not disturb'],
  [
    `(?:${ASK} )?(?:prendre|venir chercher|laver) (?:mon linge|mes vetements|le linge)|(?:j ai du|du) linge a laver|faire laver (?:mon linge|mes vetements|une chemise)`,
    'pick up my laundry',
  ],
  [
    '(?:mes|les) voisins (?:font (?:trop |beaucoup )?(?:de )?bruit|sont (?:trop |tres )?bruyants)|il y a (?:trop |beaucoup )?de bruit(?: a cote)?|il y a une fete a cote|je n arrive pas a dormir',
    'the neighbors are too loud',
  ],
  [
    `${MY} (?:cle|carte) ne (?:marche|fonctionne) (?:pas|plus)|je suis enferme dehors|je ne peux pas (?:ouvrir ma porte|entrer dans ma chambre)`,
    "the room key doesn't work",
  ],
  [`j ai perdu ${MY} (?:cle|carte)`, 'i lost my room key'],
  [
    `(?:${ASK} )?(?:me reveiller|nous reveiller|m appeler(?= (?:a|demain)))|reveillez moi|(?:un )?reveil(?: telephonique)?|etre reveille|(?:me lever|je dois me lever)`,
    'a wake up call',
  ],
  [
    '(?:un )?depart tardif|partir plus tard|garder la chambre(?: plus longtemps)?|rester plus longtemps|quitter la chambre plus tard',
    'a late check out',
  ],
  [`(?:${ASK} )?(?:(?:m |nous |me )?(?:appeler|commander|reserver) )?un taxi`, 'a taxi'],
  ['(?:je dois|nous devons|je voudrais) aller', 'i need a taxi'],
  [
    `(?:${ASK} )?(?:prendre|descendre|monter|venir chercher) ${MY} (?:bagages|valises)|(?:d |l )?aide (?:avec|pour) ${MY} (?:bagages|valises)`,
    'pick up my luggage',
  ],
  [
    `(?:${ASK} )?garder ${MY} (?:bagages|valises)|laisser ${MY} (?:bagages|valises)(?: ici| a la reception)?`,
    'store my luggage',
  ],
  [
    '(?:reserver )?une table(?: pour (?:deux|trois|quatre|cinq|six)(?: personnes)?)?(?: au restaurant)?',
    'book a table',
  ],
  ['(?:reserver |avoir )?un massage', 'a massage'],
  [
    '(?:je voudrais |j aimerais |puis je )?commander (?:a manger|a diner|le diner|le dejeuner)|(?:le )?service en chambre',
    'room service',
  ],
  ['j ai (?:perdu|oublie|laisse) (?:mon telephone|mon portefeuille)', 'i lost my wallet'],
  ['j ai (?:perdu|oublie|laisse) (?:mon passeport|mes lunettes|ma veste|ma montre)', 'i lost my passport'],
  ['le petit dejeuner dans (?:ma|la|notre) chambre|petit dejeuner en chambre', 'breakfast to my room'],
];
