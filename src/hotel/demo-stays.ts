/** Guests of the example hotel, so that verification can be tried at once. Seeded only with the example profile. */
export const DEMO_STAYS: readonly { room: string; lastName: string; firstName: string }[] = [
  { room: '101', lastName: 'Brown', firstName: 'Alice' },
  { room: '105', lastName: 'Wilson', firstName: 'Martin' },
  { room: '112', lastName: 'Cooper', firstName: 'Ruth' },
  { room: '204', lastName: 'Foster', firstName: 'Daniel' },
  { room: '215', lastName: 'Parker', firstName: 'Helen' },
  { room: '220', lastName: 'Baker', firstName: 'Thomas' },
  { room: '301', lastName: 'Turner', firstName: 'Grace' },
  { room: '307', lastName: 'Hill', firstName: 'Samuel' },
  { room: '318', lastName: 'Carter', firstName: 'Nora' },
  { room: '402', lastName: 'Young', firstName: 'Peter' },
  { room: '412', lastName: 'Miller', firstName: 'Susan' },
  { room: '413', lastName: 'Taylor', firstName: 'James' },
  { room: '419', lastName: 'Green', firstName: 'Laura' },
  { room: '503', lastName: 'King', firstName: 'Robert' },
  { room: '508', lastName: 'Morgan', firstName: 'Diana' },
  { room: '516', lastName: 'Scott', firstName: 'Henry' },
];
