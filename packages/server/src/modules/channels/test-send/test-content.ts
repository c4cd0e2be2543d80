import type { RenderedEmail } from '../email/rendered-email.ts';
import type { RenderedPush } from '../push/rendered-push.ts';
import type { RenderedSms } from '../sms/rendered-sms.ts';
import type { Transport } from '../transport.ts';

const TITLE = 'A test from Carillon';
const TEXT = 'If you read this, the provider works.';

/** A test is of no use later. */
const LIFE_MS = 10 * 60_000;

/** What a test says, by each way. It counts nothing, and nothing in it acts for its recipient. */
export function testContent(
  transport: Transport,
  appId: string,
  now: number,
): RenderedEmail | RenderedPush | RenderedSms {
  switch (transport) {
    case 'email':
      return {
        subject: TITLE,
        html: `<html><body><p>${TEXT}</p></body></html>`,
        text: TEXT,
        preheader: null,
        fromName: null,
        fromAddress: null,
        senderDomain: null,
        replyTo: null,
        unsubscribeFrom: null,
        inviteUnsubscribe: false,
        copies: [],
        attachments: [],
        headers: {},
        trackClicks: false,
        linkTags: null,
        trackOpens: false,
      };
    case 'sms':
      return { appId, text: `${TITLE}. ${TEXT}`, from: null, mediaUrls: [] };
    case 'web_push':
    case 'ios_push':
    case 'android_push':
    case 'huawei_push':
    case 'amazon_push':
      return {
        appId,
        title: TITLE,
        subtitle: null,
        body: TEXT,
        template: null,
        fields: {},
        confirmsDelivery: false,
        expiresAt: now + LIFE_MS,
      };
  }
}
