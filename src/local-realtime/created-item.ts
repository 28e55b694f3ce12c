/** Items that a client creates: completed to what the conversation keeps. */
import { Downsampler } from '../audio/resampler.ts';
import { decodeAudio } from './audio-format.ts';
import type { StoredItem } from './conversation.ts';
import type { ContentPart, CreatedItem, Item } from './item-schema.ts';
import type { Session } from './session.ts';
import type { Speech } from './speech.ts';
import { newWireId } from './wire-id.ts';

/** @param created checked by its schema. Audio in it is heard at once. */
export function storedItemOf(created: CreatedItem, session: Session, speech: Speech): StoredItem {
  const stored: StoredItem = { item: itemOf(created), audioMs: 0 };
  if (created.type === 'message' && created.role === 'user')
    for (const part of created.content) if (part.type === 'input_audio') hear(stored, part.audio, session, speech);
  return stored;
}

/** Whether words are heard of it later. */
export function remembersHeard(stored: StoredItem): StoredItem {
  void stored.heard?.then((heard) => (stored.heardNow = heard));
  return stored;
}

function hear(stored: StoredItem, base64: string, session: Session, speech: Speech): void {
  const { format, transcription } = session.audio.input;
  const samples = decodeAudio(Buffer.from(base64, 'base64'), format);
  const pcm = format.type === 'audio/pcm' ? new Downsampler().process(samples) : samples;
  const listening = speech.listen(transcription?.language);
  listening.feed(pcm.slice());
  stored.audioMs += pcm.length / 8;
  stored.heard = listening.finish();
  remembersHeard(stored);
}

function itemOf(created: CreatedItem): Item {
  const object = 'realtime.item' as const;
  switch (created.type) {
    case 'message': {
      const content: ContentPart[] = created.content.map((part) =>
        part.type === 'input_audio' ? { type: 'input_audio', transcript: part.transcript ?? null } : part,
      );
      const { type, role } = created;
      return {
        id: created.id ?? newWireId('item'),
        object,
        type,
        status: created.status ?? 'completed',
        role,
        content,
      };
    }
    case 'function_call':
      return {
        ...created,
        id: created.id ?? newWireId('item'),
        object,
        status: created.status ?? 'completed',
        call_id: created.call_id ?? newWireId('call'),
      };
    case 'function_call_output':
      return { ...created, id: created.id ?? newWireId('item'), object, status: created.status ?? 'completed' };
    case 'mcp_approval_response':
      return { ...created, id: created.id ?? newWireId('item'), reason: created.reason ?? null };
    case 'mcp_call':
      return {
        ...created,
        id: created.id ?? newWireId('mcp'),
        output: created.output ?? null,
        error: created.error ?? null,
        approval_request_id: created.approval_request_id ?? null,
      };
    default:
      return created satisfies never;
  }
}
