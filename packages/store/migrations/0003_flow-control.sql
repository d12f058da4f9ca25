CREATE TABLE "dispatchr"."flow_keys" (
	"queue" text COLLATE "C" NOT NULL,
	"flow_key" text COLLATE "C" NOT NULL,
	"max_concurrency" integer,
	"rate_per_second" double precision,
	"rate_burst" integer,
	CONSTRAINT "flow_keys_queue_flow_key_pk" PRIMARY KEY("queue","flow_key")
);
--> statement-breakpoint
CREATE TABLE "dispatchr"."gates" (
	"queue" text COLLATE "C" NOT NULL,
	"flow_key" text COLLATE "C" NOT NULL,
	"in_flight" integer DEFAULT 0 NOT NULL,
	"tat" timestamp with time zone DEFAULT '1970-01-01 00:00:00+00' NOT NULL,
	CONSTRAINT "gates_queue_flow_key_pk" PRIMARY KEY("queue","flow_key")
);
--> statement-breakpoint
CREATE TABLE "dispatchr"."held_targets" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"origin" text COLLATE "C" NOT NULL,
	"state" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"probes" integer DEFAULT 0 NOT NULL,
	"probe" bigint,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "dispatchr"."queues" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"weight" integer,
	"paused" boolean DEFAULT false NOT NULL,
	"max_concurrency" integer,
	"rate_per_second" double precision,
	"rate_burst" integer,
	"flow_max_concurrency" integer,
	"flow_rate_per_second" double precision,
	"flow_rate_burst" integer,
	"retry" text,
	"timeout_ms" integer
);
--> statement-breakpoint
CREATE TABLE "dispatchr"."schedulers" (
	"id" text PRIMARY KEY NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "dispatchr"."unfinished_tasks_due";--> statement-breakpoint
ALTER TABLE "dispatchr"."tasks" ALTER COLUMN "flow_key" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "dispatchr"."unfinished_tasks" ADD COLUMN "gate" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "dispatchr"."unfinished_tasks" ADD COLUMN "parked_for" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "dispatchr"."unfinished_tasks" ADD COLUMN "run_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "held_targets_origin" ON "dispatchr"."held_targets" USING btree ("origin");--> statement-breakpoint
CREATE INDEX "unfinished_tasks_turns" ON "dispatchr"."unfinished_tasks" USING btree ("queue","flow_key","priority","due_at") WHERE coalesce(parked_for, '') = '';--> statement-breakpoint
CREATE INDEX "unfinished_tasks_parked" ON "dispatchr"."unfinished_tasks" USING btree ("parked_for","due_at") WHERE parked_for IS NOT NULL;--> statement-breakpoint
CREATE INDEX "unfinished_tasks_run" ON "dispatchr"."unfinished_tasks" USING btree ("run_at") WHERE run_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "unfinished_tasks_due" ON "dispatchr"."unfinished_tasks" USING btree ("queue","priority","due_at") WHERE parked_for IS NULL;
--> statement-breakpoint
-- Claims and settles rewrite the same few rows all the time: room on their page, and vacuumed soon.
ALTER TABLE "dispatchr"."gates" SET (
  fillfactor = 20,
  vacuum_truncate = off,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_scale_factor = 0.1,
  autovacuum_vacuum_cost_delay = 0
);
