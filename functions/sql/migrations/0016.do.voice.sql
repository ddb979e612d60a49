-- Voice messages: recordings, who waits for them, what a day costs, pre-generation runs, and what members chose and heard.
-- Reasons: docs/adr/0021-voice.md.

-- One recording. Its key is the hash of what is said and how, never for whom: asking for the same thing twice finds the first row.
create table voice_clip (
  key text primary key check (key ~ '^[0-9a-f]{64}$'),
  -- greeting: it says a name. A greeting without one is shared by everybody, as a sentence is.
  kind text not null check (kind in ('body', 'greeting')),
  language text not null,
  voice text not null,
  model text not null,
  voice_id text not null,
  -- null for the greeting without a name.
  message_id text,
  segment integer not null check (segment >= 0),
  text_version integer not null check (text_version > 0),
  -- A greeting's text holds a name: it is in the job that makes it, until it is made, and nowhere else.
  text text,
  -- purged: deleted by an operator or with the last member of that name. The row stays, so that no address ever says two things.
  state text not null check (state in ('wanted', 'making', 'ready', 'failed', 'purged')),
  -- Recorded again: each recording has a file and an address of its own, so that an address always says the same.
  take integer not null default 0 check (take >= 0),
  -- The recording that is heard; null until there is one. Stays while a further one is being made.
  ready_take integer check (ready_take >= 0),
  -- Counts the times that it was queued: with the key, the identity of a job.
  round integer not null default 0 check (round >= 0),
  queued boolean not null default false,
  attempts integer not null default 0 check (attempts >= 0),
  -- What is held of a day's budget while it is being made.
  reserved_credits integer not null default 0 check (reserved_credits >= 0),
  reserved_day date,
  -- When the vendor was first asked, by an attempt of which nobody knows how it ended. A later attempt looks for what that one paid for.
  asked_at timestamptz,
  credits integer not null default 0 check (credits >= 0),
  seconds real,
  bytes integer,
  -- When each character of the text begins and ends, in milliseconds; null where the vendor's times do not fit the text.
  starts_ms integer[],
  ends_ms integer[],
  error text,
  wanted_at timestamptz not null,
  made_at timestamptz,
  check ((kind = 'greeting') = (text is null)),
  check ((reserved_day is null) = (reserved_credits = 0)),
  check ((ready_take is null) = (made_at is null)),
  check (state <> 'ready' or (ready_take = take and seconds is not null and bytes is not null)),
  check (state <> 'failed' or error is not null),
  check ((starts_ms is null) = (ends_ms is null))
);
create index voice_clip_open on voice_clip (state, wanted_at) where state in ('wanted', 'making', 'failed');

-- Who is told when a clip is ready.
create table voice_waiting (
  key text not null references voice_clip on delete cascade,
  member_id text not null references member,
  primary key (key, member_id)
);
create index voice_waiting_member on voice_waiting (member_id);

-- Whose name a greeting says: when the last of them is erased, it goes as well.
create table voice_greeting (
  key text not null references voice_clip on delete cascade,
  member_id text not null references member,
  primary key (key, member_id)
);
create index voice_greeting_member on voice_greeting (member_id);

-- Credits of a day (UTC).
create table voice_day (
  day date primary key,
  reserved integer not null default 0 check (reserved >= 0),
  spent integer not null default 0 check (spent >= 0),
  -- At most what was paid for syntheses that a crash lost.
  lost integer not null default 0 check (lost >= 0),
  clips integer not null default 0 check (clips >= 0),
  -- Found again after a crash, without paying twice.
  recovered integer not null default 0 check (recovered >= 0)
);

-- A publication of texts.
create table voice_run (
  id text primary key,
  languages text[] not null,
  text_version integer not null check (text_version > 0),
  -- Uid of an operator.
  requested_by text not null,
  state text not null check (state in ('checking', 'refused', 'running', 'done', 'incomplete')),
  problem text,
  started_at timestamptz not null,
  done_at timestamptz,
  check ((state in ('refused', 'done', 'incomplete')) = (done_at is not null)),
  check ((state = 'refused') = (problem is not null))
);

create table voice_run_clip (
  run_id text not null references voice_run on delete cascade,
  key text not null references voice_clip on delete cascade,
  -- It was ready when the run began: the run pays nothing for it.
  existed boolean not null,
  primary key (run_id, key)
);
create index voice_run_clip_key on voice_run_clip (key);

-- What a member chose, and a number that rises with everything that the player shows.
create table voice_listener (
  member_id text primary key references member,
  language text not null,
  voice text not null,
  revision bigint not null default 1 check (revision > 0)
);

-- How far a member has come with a message.
create table voice_progress (
  member_id text not null references member,
  message_id text not null,
  -- What was listened to last: what counts as heard is what was heard.
  text_version integer not null check (text_version > 0),
  language text not null,
  voice text not null,
  segment integer not null check (segment >= 0),
  offset_ms integer not null check (offset_ms >= 0),
  -- Segments that were played to their end, in any language.
  heard integer[] not null,
  completed_at timestamptz,
  first_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (member_id, message_id)
);
create index voice_progress_recent on voice_progress (updated_at);
