import { describe, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import type { ApiErrorDetail } from './api-error.ts';
import { errorBody } from './error-body.ts';
import type { ErrorCode } from '@carillon/wire';

const basic: [ErrorCode, ApiErrorDetail, number, object][] = [
  [
    'access-denied',
    {},
    403,
    {
      errors: [
        "Access denied.  Please include an 'Authorization: ...' header with a valid API key (https://documentation.onesignal.com/docs/en/keys-and-ids#api-keys).",
      ],
    },
  ],
  ['access-denied-export', {}, 401, { errors: ['Missing or invalid REST API key for the app.'] }],
  ['authorization-missing', {}, 400, { errors: ['Please include a case-sensitive header of Authorization'] }],
  ['plan-not-permitted', {}, 403, { errors: ['This API is not available for applications on your plan.'] }],
  [
    'organization-permission',
    {},
    403,
    { errors: ['Current organization permissions do not allow this action.'] },
  ],
  ['forbidden', {}, 403, { errors: ['Forbidden'] }],
  [
    'app-id-missing',
    {},
    400,
    {
      errors: ['app_id not found. You may be missing a Content-Type: application/json header.'],
      reference: ['/docs/accounts-and-keys#section-keys-ids'],
    },
  ],
  ['app-id-unparsed', {}, 400, { errors: ['Request is malformed: Failed to parse app_id from request'] }],
  [
    'app-id-unparsed-twice',
    {},
    400,
    {
      errors: [
        'Request is malformed: Failed to parse app_id from request',
        'JSON body is None for app_id_location=body request',
      ],
    },
  ],
  ['app-id-invalid', {}, 400, { errors: ['app_id must be a valid UUID'] }],
  ['rate-limit', {}, 429, { errors: ['API rate limit exceeded'] }],
  ['unavailable', {}, 503, { errors: ['Service temporarily unavailable'] }],
  ['message-not-found', {}, 404, { errors: ['Notification not found'] }],
  ['message-contents', {}, 400, { errors: ['Message Notifications must have English language content'] }],
  [
    'message-channels',
    {},
    400,
    {
      errors: [
        'Platforms You may only send to one delivery channel at a time. Make sure you are only including one of push platforms, Email, or SMS.',
      ],
    },
  ],
  [
    'message-targeting',
    {},
    400,
    {
      errors: ['You must include which players, segments, or tags you wish to send this notification to.'],
    },
  ],
  [
    'message-subscription-ids',
    { params: { ids: '"a", "b"' } },
    400,
    {
      errors: ['Incorrect subscription_id format in include_subscription_ids (not a valid UUID): ["a", "b"]'],
    },
  ],
  [
    'message-filter-field',
    { params: { field: 'colour' } },
    400,
    {
      errors: [
        'Segment colour is not a valid filter field.',
        expect.stringMatching(/^field of a filter must be one of tag, /),
      ],
    },
  ],
  ['history-email', {}, 400, { errors: ['param `email` must be a valid email'], success: false }],
  ['template-not-found', {}, 404, { errors: ['template not found'] }],
  ['template-email-body', {}, 400, { success: false, errors: ["'message' Email body can not be blank"] }],
  [
    'template-contents',
    {},
    400,
    { success: false, errors: ["'message' Notifications must have Any/English language content"] },
  ],
  ['template-limit', {}, 400, { errors: ['Invalid limit, must be within 1 to 50'] }],
  ['template-channel', {}, 400, { errors: ['Invalid channel'] }],
  [
    'template-in-use',
    {},
    400,
    { success: false, errors: ['Can not delete a template that has journeys using it.'] },
  ],
  [
    'apps-too-many',
    {},
    400,
    {
      errors: [
        'This API endpoint is disabled for organizations with over 1000 apps. Please contact support if you need access to this endpoint.',
      ],
    },
  ],
  ['apps-list-denied', {}, 403, { errors: ['You do not have permission to list apps.'] }],
  ['app-view-denied', {}, 403, { errors: ['You do not have permission to view this app.'] }],
  ['app-update-denied', {}, 403, { errors: ['You do not have permission to update this app.'] }],
  [
    'app-create-denied',
    {},
    403,
    { errors: ['You do not have permission to create an app in this organization.'] },
  ],
  ['app-not-found', { params: { app_id: '5' } }, 404, { errors: ["Couldn't find app with id = 5"] }],
  ['organization-not-found', {}, 404, { errors: ['Organization not found'] }],
  ['token-app-not-found', {}, 404, { errors: ['App not found'] }],
  ['token-not-found', {}, 404, { errors: ['Token not found'] }],
];

const structured: [ErrorCode, ApiErrorDetail, number, object][] = [
  [
    'auth-1',
    {},
    401,
    {
      errors: [{ code: 'auth-1', title: "This operation requires 'Authorization' in the HTTP header" }],
    },
  ],
  [
    'request-1',
    { meta: { onesignal_id: '123' } },
    400,
    { errors: [{ code: 'request-1', title: 'Invalid UUID', meta: { onesignal_id: '123' } }] },
  ],
  [
    'user-2',
    { meta: { external_id: 'x', conflicting_aliases: { external_id: 'x' } } },
    409,
    {
      errors: [
        {
          code: 'user-2',
          title: 'One or more Aliases claimed by another User',
          meta: { external_id: 'x', conflicting_aliases: { external_id: 'x' } },
        },
      ],
    },
  ],
  [
    'user-not-found',
    { params: { label: 'external_id', value: 'x' } },
    404,
    { errors: [{ title: "Given alias `(external_id: x)` doesn't match an existing user" }] },
  ],
  ['subscription-0', {}, 404, { errors: [{ code: 'subscription-0', title: 'Subscription not found' }] }],
  ['rate-limit', {}, 429, { errors: [{ code: 'Rate Limit Exceeded', title: 'API rate limit exceeded' }] }],
];

describe('the basic envelope', () => {
  test.each(basic)('tells %s as documented', (code, detail, status, body) => {
    const error = new ApiError(code, detail);
    expect(error.status).toBe(status);
    expect(errorBody(error, 'basic')).toEqual(body);
  });
});

describe('the structured envelope', () => {
  test.each(structured)('tells %s as documented', (code, detail, status, body) => {
    const error = new ApiError(code, detail);
    expect(error.status).toBe(status);
    expect(errorBody(error, 'structured')).toEqual(body);
  });
});

test('a refusal of custom events has no body in either envelope', () => {
  const error = new ApiError('access-denied-events');
  expect(error.status).toBe(401);
  expect(errorBody(error, 'basic')).toBeNull();
  expect(errorBody(error, 'structured')).toBeNull();
});

test('a refusal of an identity token says why in either envelope', () => {
  const error = new ApiError('identity-token', { meta: { reason: 'expired' } });
  const body = {
    errors: [
      {
        code: 'auth-1',
        title: "This operation requires 'Authorization' in the HTTP header",
        meta: { reason: 'expired' },
      },
    ],
  };
  expect(errorBody(error, 'basic')).toEqual(body);
  expect(errorBody(error, 'structured')).toEqual(body);
});
