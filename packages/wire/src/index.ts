export { abTestPage, abTestView, chooseWinnerBody, createAbTestAnswer, createAbTestBody } from './ab-test.ts';
export type { AbTestPage, AbTestView, CreateAbTestAnswer, CreateAbTestBody } from './ab-test.ts';
export * from './api-key.ts';
export * from './app.ts';
export * from './app-policy.ts';
export * from './audit-log.ts';
export { bulkUserResult, bulkUserSummary } from './bulk-users.ts';
export type { BulkUserResult, BulkUserSummary } from './bulk-users.ts';
export { basicErrorBody, structuredErrorBody } from './error-bodies.ts';
export type { BasicErrorBody, StructuredError, StructuredErrorBody } from './error-bodies.ts';
export { catalogue } from './errors.ts';
export type { ErrorCode, ErrorEntry } from './errors.ts';
export * from './player.ts';
export { RATE_CLASSES, rateLimits, rateLimitsBody } from './rate-limit.ts';
export type { RateClass, RateLimit, RateLimitsAnswer, RateLimitsBody } from './rate-limit.ts';
export * from './identity-key.ts';
export * from './organization.ts';
export * from './outcome.ts';
export * from './subscription.ts';
export { utm } from './utm.ts';
export type { Utm } from './utm.ts';
export * from './user.ts';
export { userExport } from './user-export.ts';
export type { UserExport } from './user-export.ts';
export { userChange, userHistoryPage } from './user-history.ts';
export type { UserChange, UserHistoryPage } from './user-history.ts';
export { userPage, userSearchQuery } from './user-search.ts';
export type { UserPage, UserSearchQuery } from './user-search.ts';
export {
  ENDED_STATES,
  UNFINISHED_STATES,
  delivery,
  deliveryPage,
  deliveryQuery,
  userDeliveryQuery,
} from './delivery.ts';
export type { Delivery, DeliveryPage, DeliveryQuery, DeliveryState, UserDeliveryQuery } from './delivery.ts';
export { erasure, erasurePage } from './erasure.ts';
export type { Erasure, ErasurePage } from './erasure.ts';
export {
  EXPORT_FORMATS,
  EXPORT_KINDS,
  createExportBody,
  csvExportAnswer,
  csvExportBody,
  exportFilter,
  exportPage,
  exportView,
} from './export.ts';
export {
  IMPORT_STATES,
  importFromUrlBody,
  importPage,
  importPreview,
  importSettings,
  importView,
  previewImportBody,
  startImportBody,
} from './import.ts';
export type {
  ImportCounts,
  ImportFieldChange,
  ImportFromUrlBody,
  ImportPage,
  ImportPreview,
  ImportRejection,
  ImportSettings,
  ImportState,
  ImportUndo,
  ImportView,
  PreviewImportBody,
  StartImportBody,
} from './import.ts';
export type {
  CreateExportBody,
  CsvExportAnswer,
  CsvExportBody,
  ExportFilter,
  ExportFormat,
  ExportKind,
  ExportPage,
  ExportView,
} from './export.ts';
export { feedEvent, feedPage } from './feed-event.ts';
export { feedTopicsAnswer, feedTopicsBody } from './feed-topics.ts';
export type { FeedTopicsAnswer, FeedTopicsBody } from './feed-topics.ts';
export type { FeedEvent, FeedPage } from './feed-event.ts';
export {
  createCustomEventsAnswer,
  createCustomEventsBody,
  customEventInput,
  customEventRefusal,
} from './custom-event.ts';
export type {
  CreateCustomEventsAnswer,
  CreateCustomEventsBody,
  CustomEventInput,
  CustomEventProperties,
  CustomEventRefusal,
} from './custom-event.ts';
export { SMS_KEYWORDS, smsKeywordsBody, smsKeywordsView } from './sms-keywords.ts';
export type { OptOutScope, SmsKeyword, SmsKeywordsBody, SmsKeywordsView } from './sms-keywords.ts';
export { filterEntry } from './filter.ts';
export type { FilterEntry, PropertyFilter } from './filter.ts';
export {
  countMessageAnswer,
  countMessageBody,
  createMessageAnswer,
  createMessageBody,
  emailStats,
  exportEventsAnswer,
  messageHistoryAnswer,
  messageHistoryBody,
  messageList,
  messagePause,
  messageView,
  messageViewQuery,
} from './message.ts';
export type {
  CountMessageAnswer,
  CountMessageBody,
  CreateMessageAnswer,
  CreateMessageBody,
  EmailStats,
  ExportEventsAnswer,
  MessageHistoryAnswer,
  MessageList,
  MessagePauseAnswer,
  MessageView,
} from './message.ts';
export {
  journey,
  journeyAudience,
  journeyBody,
  journeyPage,
  journeyState,
  journeySummary,
} from './journey.ts';
export type { Journey, JourneyAudience, JourneyPage, JourneyState, JourneySummary } from './journey.ts';
export type { JourneyCondition } from './journey-condition.ts';
export type { JourneyAttributeTest, JourneyEvent } from './journey-event.ts';
export { journeyFileSchema } from './journey-file-schema.ts';
export { journeySimulation, journeySimulationBody } from './journey-simulation.ts';
export type { JourneySimulation, JourneySimulationBody } from './journey-simulation.ts';
export { journeyInput } from './journey-input.ts';
export { journeyComplaint, journeyValidation } from './journey-validation.ts';
export type { JourneyComplaint, JourneyValidation } from './journey-validation.ts';
export { duplicateJourneyBody, journeyVersion, journeyVersionPage } from './journey-version.ts';
export type { DuplicateJourneyBody, JourneyVersion, JourneyVersionPage } from './journey-version.ts';
export type { JourneyInput } from './journey-input.ts';
export {
  cancelRunsAnswer,
  journeyRunPage,
  journeyStats,
  userJourneyTrace,
  userJourneys,
} from './journey-insight.ts';
export type {
  CancelRunsAnswer,
  JourneyRunPage,
  JourneyStats,
  UserJourneyTrace,
  UserJourneys,
} from './journey-insight.ts';
export type { JourneyNode } from './journey-node.ts';
export type { JourneyNodeInput } from './journey-node-input.ts';
export { attachment, shownAttachment } from './attachment.ts';
export type { AttachmentField, ShownAttachment } from './attachment.ts';
export { createDataFeedBody, dataFeedList, dataFeedView, updateDataFeedBody } from './data-feed.ts';
export type { CreateDataFeedBody, DataFeedList, DataFeedView, UpdateDataFeedBody } from './data-feed.ts';
export * from './event-stream.ts';
export {
  endpointPostAccepted,
  endpointPostBody,
  endpointPostPage,
  endpointPostView,
  endpointTestAnswer,
} from './endpoint.ts';
export type {
  EndpointBody,
  EndpointKindName,
  EndpointList,
  EndpointPostAccepted,
  EndpointPostBody,
  EndpointPostPage,
  EndpointPostView,
  EndpointTestAnswer,
  EndpointView,
} from './endpoint.ts';
export {
  activityParams,
  activityTokenBody,
  activityTypeParams,
  startLiveActivityAnswer,
  startLiveActivityBody,
  startTokenBody,
  updateLiveActivityAnswer,
  updateLiveActivityBody,
} from './live-activity.ts';
export type {
  LiveActivity,
  StartLiveActivityAnswer,
  StartLiveActivityBody,
  UpdateLiveActivityAnswer,
  UpdateLiveActivityBody,
} from './live-activity.ts';
export { emailFields } from './email-content.ts';
export type { EmailFields } from './email-content.ts';
export { platformFields, pushFields } from './push-content.ts';
export type { PlatformFlags, PushFields } from './push-content.ts';
export { smsFields } from './sms-content.ts';
export type { SmsFields } from './sms-content.ts';
export { testSendAnswer, testSendBody } from './provider.ts';
export type {
  ProviderBody,
  ProviderChannel,
  ProviderList,
  ProviderStatusView,
  ProviderView,
  TestSendAnswer,
  TestSendBody,
} from './provider.ts';
export { templatePreview, templatePreviewBody } from './template-preview.ts';
export type { TemplatePreview, TemplatePreviewBody } from './template-preview.ts';
export {
  copyTemplateBody,
  createTemplateBody,
  templateCopy,
  templateList,
  templateView,
  updateTemplateBody,
} from './template.ts';
export type {
  CreateTemplateBody,
  TemplateContent,
  TemplateContentBody,
  TemplateCopy,
  TemplateList,
  TemplateView,
  UpdateTemplateBody,
} from './template.ts';
export {
  createSegmentBody,
  segmentChanged,
  segmentList,
  segmentMembers,
  segmentPause,
  segmentPreview,
  segmentPreviewBody,
  segmentView,
  updateSegmentBody,
  userSegments,
} from './segment.ts';
export type {
  CreateSegmentBody,
  SegmentChanged,
  SegmentList,
  SegmentMember,
  SegmentMembers,
  SegmentPause,
  SegmentPreview,
  SegmentPreviewBody,
  SegmentView,
  UpdateSegmentBody,
  UserSegments,
} from './segment.ts';
export {
  createWebhookBody,
  enableWebhookBody,
  testWebhookAnswer,
  testWebhookBody,
  updateWebhookBody,
  webhookAttemptPage,
  webhookPage,
  webhookView,
} from './webhook.ts';
export type {
  CreateWebhookBody,
  EnableWebhookBody,
  TestWebhookAnswer,
  TestWebhookBody,
  UpdateWebhookBody,
  WebhookAttempt,
  WebhookAttemptPage,
  WebhookPage,
  WebhookView,
} from './webhook.ts';
export {
  customEventName,
  customEventNamePage,
  customEventPage,
  updateCustomEventNameBody,
} from './custom-event.ts';
export type {
  CustomEventName,
  CustomEventNamePage,
  CustomEventPage,
  UpdateCustomEventNameBody,
} from './custom-event.ts';
