/** Custom events: what users did, as their company's backend says. */
export { CustomEvents } from './custom-events.ts';
export type { CustomEventsOptions } from './custom-events.ts';
export { EventNames } from './names/event-names.ts';
export type { EventUser } from './names/event-names.ts';
export { NameTallies } from './names/name-tallies.ts';
export { eventNameRoutes } from './names/routes.ts';
export { eventListRoutes } from './listing/routes.ts';
export { EVENT_KIND } from './event-store.ts';
export type { InboxEvent } from './event-store.ts';
export { customEventData } from './personal-data-store.ts';
export { customEventsRoutes } from './routes.ts';
export { eventErasers } from './app-erasers.ts';
export { eventJobs } from './jobs.ts';
