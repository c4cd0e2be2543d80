const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** What people attach to mails. */
const BY_ENDING: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  docx: `${OFFICE}.wordprocessingml.document`,
  gif: 'image/gif',
  ics: 'text/calendar',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  pptx: `${OFFICE}.presentationml.presentation`,
  txt: 'text/plain',
  webp: 'image/webp',
  xlsx: `${OFFICE}.spreadsheetml.sheet`,
  zip: 'application/zip',
};

/** The media type that the end of a name stands for. */
export function mediaTypeOf(filename: string): string {
  const ending = /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  return (Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined) ?? ANY_TYPE;
}

/** Of which nothing is known. */
export const ANY_TYPE = 'application/octet-stream';
