import type { Operation } from './operation.ts';

/**
 * The public API: each method and path that its documents or its official clients name. Only
 * `POST /notifications` stands for three entries of the documents, which tell the channels apart by
 * a query that means nothing.
 */
export const publicOperations = [
  { name: 'createNotification', area: 'Messages', method: 'POST', path: '/notifications' },
  {
    name: 'estimateNotificationRecipients',
    area: 'Messages',
    method: 'POST',
    path: '/notifications/count-unsaved',
  },
  { name: 'getNotification', area: 'Messages', method: 'GET', path: '/notifications/{message_id}' },
  { name: 'getNotifications', area: 'Messages', method: 'GET', path: '/notifications' },
  { name: 'cancelNotification', area: 'Messages', method: 'DELETE', path: '/notifications/{message_id}' },
  {
    name: 'getNotificationHistory',
    area: 'Messages',
    method: 'POST',
    path: '/notifications/{message_id}/history',
  },
  {
    name: 'exportEvents',
    area: 'Messages',
    method: 'POST',
    path: '/notifications/{message_id}/export_events',
  },
  {
    name: 'unsubscribeEmailWithToken',
    area: 'Messages',
    method: 'POST',
    path: '/apps/{app_id}/notifications/{message_id}/unsubscribe',
  },

  {
    name: 'startLiveActivity',
    area: 'Live activities',
    method: 'POST',
    path: '/apps/{app_id}/activities/activity/{activity_type}',
  },
  {
    name: 'updateLiveActivity',
    area: 'Live activities',
    method: 'POST',
    path: '/apps/{app_id}/live_activities/{activity_id}/notifications',
  },

  { name: 'createCustomEvents', area: 'Custom events', method: 'POST', path: '/apps/{app_id}/custom_events' },

  { name: 'createUser', area: 'Users', method: 'POST', path: '/apps/{app_id}/users' },
  { name: 'getUser', area: 'Users', method: 'GET', path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}' },
  {
    name: 'updateUser',
    area: 'Users',
    method: 'PATCH',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}',
  },
  {
    name: 'deleteUser',
    area: 'Users',
    method: 'DELETE',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}',
  },
  {
    name: 'getAliases',
    area: 'Users',
    method: 'GET',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}/identity',
  },
  {
    name: 'createAlias',
    area: 'Users',
    method: 'PATCH',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}/identity',
  },
  {
    name: 'deleteAlias',
    area: 'Users',
    method: 'DELETE',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}/identity/{alias_label_to_delete}',
  },
  {
    name: 'getAliasesBySubscription',
    area: 'Users',
    method: 'GET',
    path: '/apps/{app_id}/subscriptions/{subscription_id}/user/identity',
  },
  {
    name: 'createAliasBySubscription',
    area: 'Users',
    method: 'PATCH',
    path: '/apps/{app_id}/subscriptions/{subscription_id}/user/identity',
  },

  {
    name: 'createSubscription',
    area: 'Subscriptions',
    method: 'POST',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}/subscriptions',
  },
  {
    name: 'updateSubscription',
    area: 'Subscriptions',
    method: 'PATCH',
    path: '/apps/{app_id}/subscriptions/{subscription_id}',
  },
  {
    name: 'updateSubscriptionByToken',
    area: 'Subscriptions',
    method: 'PATCH',
    path: '/apps/{app_id}/subscriptions_by_token/{token_type}/{token}',
  },
  {
    name: 'deleteSubscription',
    area: 'Subscriptions',
    method: 'DELETE',
    path: '/apps/{app_id}/subscriptions/{subscription_id}',
  },
  {
    name: 'transferSubscription',
    area: 'Subscriptions',
    method: 'PATCH',
    path: '/apps/{app_id}/subscriptions/{subscription_id}/owner',
  },
  { name: 'exportSubscriptions', area: 'Subscriptions', method: 'POST', path: '/players/csv_export' },

  { name: 'createTemplate', area: 'Templates', method: 'POST', path: '/templates' },
  { name: 'viewTemplates', area: 'Templates', method: 'GET', path: '/templates' },
  { name: 'viewTemplate', area: 'Templates', method: 'GET', path: '/templates/{template_id}' },
  { name: 'updateTemplate', area: 'Templates', method: 'PATCH', path: '/templates/{template_id}' },
  { name: 'deleteTemplate', area: 'Templates', method: 'DELETE', path: '/templates/{template_id}' },
  {
    name: 'copyTemplateToApp',
    area: 'Templates',
    method: 'POST',
    path: '/templates/{template_id}/copy_to_app',
  },

  { name: 'createSegment', area: 'Segments', method: 'POST', path: '/apps/{app_id}/segments' },
  { name: 'getSegments', area: 'Segments', method: 'GET', path: '/apps/{app_id}/segments' },
  { name: 'getSegment', area: 'Segments', method: 'GET', path: '/apps/{app_id}/segments/{segment_id}' },
  { name: 'updateSegment', area: 'Segments', method: 'PATCH', path: '/apps/{app_id}/segments/{segment_id}' },
  { name: 'deleteSegment', area: 'Segments', method: 'DELETE', path: '/apps/{app_id}/segments/{segment_id}' },

  { name: 'createJourney', area: 'Journeys', method: 'POST', path: '/apps/{app_id}/journeys' },
  { name: 'viewJourneys', area: 'Journeys', method: 'GET', path: '/apps/{app_id}/journeys' },
  { name: 'viewJourney', area: 'Journeys', method: 'GET', path: '/apps/{app_id}/journeys/{journey_id}' },
  { name: 'updateJourney', area: 'Journeys', method: 'PATCH', path: '/apps/{app_id}/journeys/{journey_id}' },
  {
    name: 'updateJourneyNode',
    area: 'Journeys',
    method: 'PATCH',
    path: '/apps/{app_id}/journeys/{journey_id}/nodes/{node_id}',
  },
  { name: 'deleteJourney', area: 'Journeys', method: 'DELETE', path: '/apps/{app_id}/journeys/{journey_id}' },
  {
    name: 'viewJourneyStats',
    area: 'Journeys',
    method: 'GET',
    path: '/apps/{app_id}/journeys/{journey_id}/stats',
  },

  { name: 'getOutcomes', area: 'Analytics', method: 'GET', path: '/apps/{app_id}/outcomes' },
  {
    name: 'getEmailReputation',
    area: 'Analytics',
    method: 'GET',
    path: '/apps/{app_id}/email_analytics/delivery_metrics',
  },

  { name: 'getApps', area: 'Apps and keys', method: 'GET', path: '/apps' },
  { name: 'getApp', area: 'Apps and keys', method: 'GET', path: '/apps/{app_id}' },
  { name: 'createApp', area: 'Apps and keys', method: 'POST', path: '/apps' },
  { name: 'updateApp', area: 'Apps and keys', method: 'PUT', path: '/apps/{app_id}' },
  { name: 'viewApiKeys', area: 'Apps and keys', method: 'GET', path: '/apps/{app_id}/auth/tokens' },
  { name: 'createApiKey', area: 'Apps and keys', method: 'POST', path: '/apps/{app_id}/auth/tokens' },
  {
    name: 'updateApiKey',
    area: 'Apps and keys',
    method: 'PATCH',
    path: '/apps/{app_id}/auth/tokens/{token_id}',
  },
  {
    name: 'rotateApiKey',
    area: 'Apps and keys',
    method: 'POST',
    path: '/apps/{app_id}/auth/tokens/{token_id}/rotate',
  },
  {
    name: 'deleteApiKey',
    area: 'Apps and keys',
    method: 'DELETE',
    path: '/apps/{app_id}/auth/tokens/{token_id}',
  },
  {
    name: 'listAuditLogs',
    area: 'Apps and keys',
    method: 'GET',
    path: '/organizations/{organization_id}/audit_logs',
  },

  { name: 'createInboxBroadcast', area: 'Inbox', method: 'POST', path: '/apps/{app_id}/inbox' },
  { name: 'viewInboxBroadcasts', area: 'Inbox', method: 'GET', path: '/apps/{app_id}/inbox' },
  {
    name: 'viewInbox',
    area: 'Inbox',
    method: 'GET',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox',
  },
  {
    name: 'updateInbox',
    area: 'Inbox',
    method: 'PATCH',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox',
  },
  {
    name: 'updateInboxMessage',
    area: 'Inbox',
    method: 'PATCH',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox/{message_id}',
  },
  {
    name: 'countUnreadInbox',
    area: 'Inbox',
    method: 'GET',
    path: '/apps/{app_id}/users/by/{alias_label}/{alias_id}/inbox/unread_count',
  },
] as const satisfies readonly Operation[];
