/** Departments: candidates for each kind of work, best first, and the words guests use. The tool's own enum decides which exist. */

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
export const CONCIERGE = ['concierge', 'guest-services', 'front-desk', 'reception'];
export const PORTERS = ['bell-desk', 'bell', 'porters', 'porter', 'luggage', 'concierge', 'front-desk', 'reception'];

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
