-- Whose request it is: a room has one guest after the other, also on the same day.
alter table service_requests add column stay_id uuid references stays;
create index service_requests_by_stay on service_requests (stay_id);

-- What was asked for in a verified call belongs to the stay of that call.
update service_requests
set stay_id = stays.id
from calls
join stays on stays.id = calls.stay_id
where calls.id = service_requests.call_id
  and service_requests.is_room_verified
  and stays.room = service_requests.room;

-- The rest belongs to the one stay of its room, where in any time zone no other stay comes into question.
update service_requests
set stay_id = (
  select stays.id
  from stays
  where stays.hotel_id = service_requests.hotel_id
    and stays.room = service_requests.room
    and (service_requests.created_at at time zone 'UTC')::date between stays.arrives_on and stays.leaves_on
)
where stay_id is null
  and (
    select count(*)
    from stays
    where stays.hotel_id = service_requests.hotel_id
      and stays.room = service_requests.room
      and (service_requests.created_at at time zone 'UTC')::date between stays.arrives_on - 1 and stays.leaves_on + 1
  ) = 1;
