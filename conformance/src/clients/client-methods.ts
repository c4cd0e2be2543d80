import type { ClientName } from '../case.ts';
import type { OperationName } from '../operations/operations.ts';

interface Client {
  readonly name: ClientName;
  readonly version: string;
  /** How it is made to speak to another server, said honestly. */
  readonly pointedBy: string;
  /** Each of its methods that sends a request, with the operation it asks for. */
  readonly methods: Readonly<Record<string, OperationName>>;
}

const APPS = {
  viewApps: 'getApps',
  viewApp: 'getApp',
  createApp: 'createApp',
  updateApp: 'updateApp',
} as const;

const MESSAGES = {
  createNotification: 'createNotification',
  viewNotification: 'getNotification',
  viewNotifications: 'getNotifications',
  cancelNotification: 'cancelNotification',
} as const;

/** The freely licensed clients (MIT) that cases run through, unchanged. */
export const clients: readonly Client[] = [
  {
    name: 'onesignal-node',
    version: '3.4.0',
    pointedBy: 'its option `apiRoot`, set to `<server>/api/v1`',
    methods: {
      ...MESSAGES,
      ...APPS,
      notificationHistory: 'getNotificationHistory',
      exportCSV: 'exportSubscriptions',
      createSegment: 'createSegment',
      deleteSegment: 'deleteSegment',
      viewDevices: 'viewDevices',
      viewDevice: 'viewDevice',
      addDevice: 'addDevice',
      editDevice: 'editDevice',
      deleteDevice: 'deleteDevice',
      editTagsWithExternalUserIdDevice: 'editTagsByExternalUserId',
      newSession: 'newSession',
      newPurchase: 'newPurchase',
      incrementSessionLength: 'sessionLength',
    },
  },
  {
    name: 'onesignal-api-client-core',
    version: '1.2.2',
    pointedBy: 'a subclass that sets its protected field `BaseUrl`, because it has no option for it',
    methods: {
      ...MESSAGES,
      ...APPS,
      createDevice: 'addDevice',
      updateDevice: 'editDevice',
      viewDevice: 'viewDevice',
      viewDevices: 'viewDevices',
      newSession: 'newSession',
      trackOpen: 'trackOpen',
    },
  },
];
