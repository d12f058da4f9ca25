CREATE TABLE "dispatchr"."schedules" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"cron" text NOT NULL,
	"time_zone" text NOT NULL,
	"missed_ticks" text NOT NULL,
	"overlap" text NOT NULL,
	"source" text NOT NULL,
	"task" text NOT NULL,
	"paused" boolean DEFAULT false NOT NULL,
	"next_tick_at" timestamp with time zone,
	"last_tick_at" timestamp with time zone,
	"last_task_id" text,
	"last_seq" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"revision" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "schedules_next_tick" ON "dispatchr"."schedules" USING btree ("next_tick_at") WHERE next_tick_at IS NOT NULL;