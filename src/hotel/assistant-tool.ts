/** A tool for the hotel's own assistants: data, as every tool is, and what it works with. */
import type { ToolResult } from '../call/ports.ts';
import type { Access } from './access-scopes.ts';
import type { AssistantBook } from './assistant-book.ts';
import type { HotelProfile } from './hotel.ts';
import type { StayBook } from './ports.ts';
import type { Tool } from './tool.ts';

export interface AssistantToolContext {
  access: Access;
  hotel: HotelProfile;
  book: AssistantBook;
  stays: StayBook;
  now(): Date;
}

export interface AssistantTool extends Pick<Tool, 'name' | 'description' | 'input' | 'annotations'> {
  /** @throws whatever the books throw. */
  run(input: unknown, context: AssistantToolContext): Promise<ToolResult>;
}
