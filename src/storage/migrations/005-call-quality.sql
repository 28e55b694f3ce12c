-- What the call was like and what it cost, as `src/call/call-quality.ts` folds its events; null while it goes on.
alter table calls add column quality jsonb;
