import type { Operation } from './operation.ts';

/** What device SDKs and old clients call besides the public API. */
export const otherOperations = [
  { name: 'androidParameters', area: 'Devices', method: 'GET', path: '/apps/{app_id}/android_params.js' },
  { name: 'webConfiguration', area: 'Devices', method: 'GET', path: '/sync/{app_id}/web' },
  {
    name: 'inAppMessages',
    area: 'Devices',
    method: 'GET',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}/subscriptions/{subscription_id}/iams',
  },
  { name: 'trackOpen', area: 'Devices', method: 'PUT', path: '/notifications/{message_id}' },
  {
    name: 'confirmReceipt',
    area: 'Devices',
    method: 'PUT',
    path: '/notifications/{message_id}/report_received',
  },
  { name: 'measureOutcome', area: 'Devices', method: 'POST', path: '/outcomes/measure' },
  {
    name: 'addLiveActivityToken',
    area: 'Devices',
    method: 'POST',
    path: '/apps/{app_id}/live_activities/{activity_id}/token',
  },
  {
    name: 'removeLiveActivityToken',
    area: 'Devices',
    method: 'DELETE',
    path: '/apps/{app_id}/live_activities/{activity_id}/token/{subscription_id}',
  },

  { name: 'viewDevices', area: 'Legacy', method: 'GET', path: '/players' },
  { name: 'viewDevice', area: 'Legacy', method: 'GET', path: '/players/{player_id}' },
  { name: 'addDevice', area: 'Legacy', method: 'POST', path: '/players' },
  { name: 'editDevice', area: 'Legacy', method: 'PUT', path: '/players/{player_id}' },
  { name: 'deleteDevice', area: 'Legacy', method: 'DELETE', path: '/players/{player_id}' },
  {
    name: 'editTagsByExternalUserId',
    area: 'Legacy',
    method: 'PUT',
    path: '/apps/{app_id}/users/{external_user_id}',
  },
  { name: 'newSession', area: 'Legacy', method: 'POST', path: '/players/{player_id}/on_session' },
  { name: 'newPurchase', area: 'Legacy', method: 'POST', path: '/players/{player_id}/on_purchase' },
  { name: 'sessionLength', area: 'Legacy', method: 'POST', path: '/players/{player_id}/on_focus' },
] as const satisfies readonly Operation[];
