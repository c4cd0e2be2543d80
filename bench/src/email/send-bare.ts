import type { Child } from '@carillon/test-kit';
import type { SampleContent } from './sample-content.ts';

/** Has the mails sent by nodemailer alone in another process; resolves with mails per second. */
export async function sendBare(bare: Child, content: SampleContent, mails: number): Promise<number> {
  bare.send({ content, mails });
  return ((await bare.message()) as { rate: number }).rate;
}
