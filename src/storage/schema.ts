/** The tables as Kysely sees them; the truth is in migrations/. */
import type { ColumnType, Generated } from 'kysely';
import type { Priority, RequestStatus } from '../hotel/service-request.ts';

type Timestamp = ColumnType<Date, Date | string, Date | string>;
type GeneratedTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;
type Json = ColumnType<unknown, string, string>;

export interface Schema {
  hotels: { id: string; name: string; next_request_number: Generated<number> };
  rooms: { hotel_id: string; room: string };
  departments: { hotel_id: string; id: string; name: string };
  /** Dates are `YYYY-MM-DD`. */
  stays: { id: string; hotel_id: string; room: string; guest_name: string; arrives_on: string; leaves_on: string };
  calls: {
    id: string;
    hotel_id: string;
    carrier: string;
    from_number: string;
    to_number: string;
    agent: string;
    phase: string;
    started_at: Timestamp;
    ended_at: Timestamp | null;
    end_reason: string | null;
    duration_ms: number | null;
    first_audio_ms: number | null;
    stay_id: string | null;
    room: string | null;
    transferred_to: string | null;
    /** Who answered; null in records of before there were leases. */
    instance_id: string | null;
    /** `CallQuality`; null while the call goes on, and in records of before there was one. */
    quality: ColumnType<unknown, string | null | undefined, string | null>;
  };
  instances: { id: string; started_at: GeneratedTimestamp; lease_until: Timestamp };
  call_events: {
    call_id: string;
    sequence: number;
    at: Timestamp;
    since_answer_ms: number;
    kind: string;
    happening: Json;
  };
  transcript_turns: {
    call_id: string;
    turn_id: string;
    turn_order: number;
    speaker: 'guest' | 'agent';
    text: string;
    heard_ms: number | null;
    was_cut_off: Generated<boolean>;
    at: Timestamp;
  };
  service_requests: {
    id: string;
    hotel_id: string;
    number: number;
    version: Generated<number>;
    call_id: string | null;
    department: string;
    summary: string;
    normalised_summary: string;
    details: string | null;
    priority: Priority;
    status: Generated<RequestStatus>;
    room: string | null;
    stay_id: string | null;
    is_room_verified: Generated<boolean>;
    due_at: Timestamp;
    created_at: GeneratedTimestamp;
    updated_at: GeneratedTimestamp;
  };
  service_request_history: {
    id: Generated<string>;
    request_id: string;
    version: number;
    at: GeneratedTimestamp;
    changed_by: string;
    what: string;
  };
  tool_calls: {
    id: string;
    call_id: string;
    tool: string;
    path: 'native' | 'function' | 'client';
    server: string | null;
    error: string | null;
    result_bytes: number | null;
    arguments: string;
    outcome: 'ok' | 'refused' | 'failed';
    result: string;
    started_at: Timestamp;
    duration_ms: number;
  };
  mcp_servers: {
    hotel_id: string;
    label: string;
    version: Generated<number>;
    definition: Json;
    secrets: Buffer | null;
    secrets_key_id: string | null;
    created_by: string;
    created_at: GeneratedTimestamp;
    updated_at: GeneratedTimestamp;
  };
  mcp_server_switches: {
    hotel_id: string;
    label: string;
    is_enabled: boolean;
    changed_by: string;
    changed_at: GeneratedTimestamp;
  };
  mcp_tools: {
    hotel_id: string;
    label: string;
    tool: string;
    hash: string;
    listed: Json;
    approved_by: string;
    approved_at: GeneratedTimestamp;
  };
  approvals: {
    id: string;
    hotel_id: string;
    call_id: string;
    server: string;
    tool: string;
    arguments: string;
    path: string;
    asked_at: Timestamp;
    expires_at: Timestamp;
    decision: 'approved' | 'denied' | 'expired' | 'cancelled' | null;
    decided_by: string | null;
    decided_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  };
  access_tokens: {
    id: string;
    hotel_id: string;
    name: string;
    token_hash: string;
    scopes: string[];
    created_by: string;
    created_at: GeneratedTimestamp;
    expires_at: Timestamp;
    revoked_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
    last_used_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  };
  staff: {
    id: string;
    hotel_id: string;
    login: string;
    name: string;
    role: 'viewer' | 'agent' | 'manager' | 'admin';
    password_hash: string;
    created_at: GeneratedTimestamp;
  };
  staff_sessions: { token_hash: string; staff_id: string; created_at: GeneratedTimestamp; expires_at: Timestamp };
  sign_in_tries: { login: string; source: Generated<string>; at: GeneratedTimestamp };
  sign_in_sources: { login: string; source: string; at: GeneratedTimestamp };
  audit_log: {
    id: Generated<string>;
    at: GeneratedTimestamp;
    who: string;
    what: string;
    subject: string;
    details: Json;
  };
}
