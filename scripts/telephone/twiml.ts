/** Reads TwiML as the carrier does: a list of verbs in order. What they do is `place-call.ts`'s business. */
import { parseXml, XmlElement } from '@rgrove/parse-xml';

export type Verb =
  | {
      verb: 'connect';
      /** Where the media stream goes. */
      streamUrl: string;
      parameters: Record<string, string>;
      /** Asked for the next document when the stream is over. */
      actionUrl: string | undefined;
    }
  | {
      verb: 'dial';
      /** E.164 or `sip:`. */
      number: string;
      timeoutSeconds: number;
      actionUrl: string | undefined;
      /** Asked for what the colleague hears before being joined. */
      whisperUrl: string | undefined;
    }
  | {
      verb: 'gather';
      /** What is said meanwhile. */
      prompts: string[];
      timeoutSeconds: number;
      /** Gets the keys, and the next document from there. */
      actionUrl: string;
      /** Whether no key in time is told as an empty one; otherwise the document goes on. */
      tellsNothingPressed: boolean;
    }
  | { verb: 'say'; text: string }
  | { verb: 'play'; url: string }
  | { verb: 'pause'; seconds: number }
  | { verb: 'redirect'; url: string }
  | { verb: 'hang-up' }
  | { verb: 'other'; name: string };

/** The document is no TwiML; the carrier would play "an application error has occurred" and hang up. */
export class TwimlError extends Error {
  override name = 'TwimlError';
}

/** @throws TwimlError when the text is not XML with `<Response>` at its top. */
export function readTwiml(text: string): Verb[] {
  let root: XmlElement | null;
  try {
    root = parseXml(text).root;
  } catch (cause) {
    throw new TwimlError('the answer is not XML', { cause });
  }
  if (root?.name !== 'Response') throw new TwimlError(`expected <Response>, found <${root?.name ?? 'nothing'}>`);
  return elements(root).map(readVerb);
}

function readVerb(element: XmlElement): Verb {
  const { attributes } = element;
  switch (element.name) {
    case 'Connect':
      return readConnect(element);
    case 'Dial': {
      const target = elements(element)[0];
      return {
        verb: 'dial',
        number: (target ?? element).text.trim(),
        timeoutSeconds: Number(attributes.timeout ?? 30),
        actionUrl: attributes.action,
        whisperUrl: target?.attributes.url,
      };
    }
    case 'Gather':
      return {
        verb: 'gather',
        prompts: elements(element).flatMap((child) => (child.name === 'Say' ? [child.text.trim()] : [])),
        timeoutSeconds: Number(attributes.timeout ?? 5),
        actionUrl: attributes.action ?? '',
        tellsNothingPressed: attributes.actionOnEmptyResult === 'true',
      };
    case 'Say':
      return { verb: 'say', text: element.text.trim() };
    case 'Play':
      return { verb: 'play', url: element.text.trim() };
    case 'Pause':
      return { verb: 'pause', seconds: Number(attributes.length ?? 1) };
    case 'Redirect':
      return { verb: 'redirect', url: element.text.trim() };
    case 'Hangup':
    case 'Reject':
      return { verb: 'hang-up' };
    default:
      return { verb: 'other', name: element.name };
  }
}

function readConnect(element: XmlElement): Verb {
  const stream = elements(element).find(({ name }) => name === 'Stream');
  const streamUrl = stream?.attributes.url;
  if (!stream || !streamUrl) throw new TwimlError('<Connect> holds no <Stream> with a url');
  const parameters = elements(stream)
    .filter(({ name }) => name === 'Parameter')
    .map(({ attributes }) => [attributes.name ?? '', attributes.value ?? ''] as const);
  return {
    verb: 'connect',
    streamUrl,
    parameters: Object.fromEntries(parameters),
    actionUrl: element.attributes.action,
  };
}

const elements = (parent: XmlElement): XmlElement[] => parent.children.filter((child) => child instanceof XmlElement);
