/** The one door to the hotel's tools: which there are, and the tools of one call. What a tool may see follows from the call. */
import { z } from 'zod';
import { CallTools, type OfferedTools, type ToolboxOptions, type ToolCaller } from './call-tools.ts';
import type { HotelProfile } from './hotel.ts';
import type { Tool, ToolDefinition } from './tool.ts';
import { createServiceRequest } from './tools/create-service-request.ts';
import { getHotelInformation } from './tools/get-hotel-information.ts';
import { getServiceRequests } from './tools/get-service-requests.ts';
import { updateServiceRequestPriority } from './tools/update-service-request-priority.ts';
import { verifyGuest } from './tools/verify-guest.ts';

/** The hotel's tools. Adding one: a file in tools/, a line here. */
export function hotelTools(hotel: HotelProfile): Tool[] {
  return [
    createServiceRequest(hotel),
    getServiceRequests(hotel),
    updateServiceRequestPriority(),
    verifyGuest(),
    getHotelInformation(hotel),
  ];
}

/** @returns the tool as it is offered to a model. */
export function definitionOf({ name, description, input, annotations }: Tool): ToolDefinition {
  return { name, description, parameters: parametersOf(input), annotations };
}

/** @returns JSON Schema of what may be sent, without the reference to its dialect. */
export function parametersOf(input: z.ZodType): Record<string, unknown> {
  const { $schema: _schema, ...parameters } = z.toJSONSchema(input, { io: 'input' });
  return parameters;
}

export class Toolbox {
  readonly #options: ToolboxOptions;
  readonly #offered: OfferedTools;

  constructor(options: ToolboxOptions) {
    this.#options = options;
    const tools = hotelTools(options.hotel);
    this.#offered = {
      byName: new Map(tools.map((tool) => [tool.name, tool])),
      definitions: tools.map(definitionOf),
    };
  }

  /** @returns the tools of one call, which share its scope and its allowance. */
  open(caller: ToolCaller): CallTools {
    return new CallTools(this.#options, this.#offered, caller);
  }
}
